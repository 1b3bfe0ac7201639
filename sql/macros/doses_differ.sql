{#- Whether doses are more than 1 % apart; less is rounding, when a device writes one again. -#}
{% macro doses_differ(dose, over='') -%}
    coalesce(max({{ dose }}) {{ over }} > 1.01 * min({{ dose }}) {{ over }}, false)
{%- endmacro %}


{#- The same of the copies of an event that nothing tells apart, so that chance would choose; a
    dose that one states and another does not is a difference too. -#}
{% macro copies_differ(dose) -%}
    (
        {{ doses_differ(dose, 'over tied_copies') }}
        or count({{ dose }}) over tied_copies between 1 and count(*) over tied_copies - 1
    )
{%- endmacro %}


{#- The same of a word, such as the phantom. -#}
{% macro copies_differ_in_word(word) -%}
    coalesce(min({{ word }}) over tied_copies <> max({{ word }}) over tied_copies, false)
{%- endmacro %}
