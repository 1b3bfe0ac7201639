{#- Whether two doses differ by more than 1 %; smaller differences are rounding by the device. -#}
{% macro doses_differ(dose, over='') -%}
    coalesce(max({{ dose }}) {{ over }} > 1.01 * min({{ dose }}) {{ over }}, false)
{%- endmacro %}


{#- As above, for copies of an event that tie for rank 1, where the choice would be arbitrary; a
    dose that only one copy has is also a difference. -#}
{% macro copies_differ(dose) -%}
    (
        {{ doses_differ(dose, 'over tied_copies') }}
        or count({{ dose }}) over tied_copies between 1 and count(*) over tied_copies - 1
    )
{%- endmacro %}


{#- As above, for a word, such as the phantom. -#}
{% macro copies_differ_in_word(word) -%}
    coalesce(min({{ word }}) over tied_copies <> max({{ word }}) over tied_copies, false)
{%- endmacro %}
