{#- Normalises a hospital's text for comparison with the rules of procedure_rules.csv: lower case,
    and every run of characters other than letters and digits becomes one space. Letters of all
    languages are kept: "CT Schädel/HWS (nativ)" gives "ct schädel hws nativ". -#}
{% macro normalised_text(text) -%}
    trim(regexp_replace(lower(nfc_normalize({{ text }})), '[^\p{L}\p{N}]+', ' ', 'g'))
{%- endmacro %}
