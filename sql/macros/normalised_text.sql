{#- The one way a hospital's text is made comparable with the rules of procedure_rules.csv:
    lower case, and every run of anything but letters and digits becomes one space. Letters of
    every language stay as they are: "CT Schädel/HWS (nativ)" gives "ct schädel hws nativ". -#}
{% macro normalised_text(text) -%}
    trim(regexp_replace(lower(nfc_normalize({{ text }})), '[^\p{L}\p{N}]+', ' ', 'g'))
{%- endmacro %}
