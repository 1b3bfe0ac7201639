{#- Folds a hospital's name, or a phrase of name_concepts.csv, to words to compare by equality:
    "ChestAbdPel" gives "chest abd pel", "CT Schädel (C1)" gives "ct schadel c 1". Words joined by a
    capital and digits beside letters are separated, letters lose their marks, and everything that
    is no letter and no digit becomes one space. -#}
{% macro folded_name(text) -%}
    {%- set separated = "regexp_replace(regexp_replace(nfc_normalize(" ~ text ~ "), "
        ~ "'(\\p{Ll})(\\p{Lu})', '\\1 \\2', 'g'), '(\\p{Lu})(\\p{Lu}\\p{Ll})', '\\1 \\2', 'g')" -%}
    {%- set marked = "translate(lower(" ~ separated ~ "), 'øłđðıς', 'olddiσ')" -%}
    {%- set plain = "strip_accents(replace(replace(replace(" ~ marked
        ~ ", 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'))" -%}
    trim(regexp_replace(
        regexp_replace(
            regexp_replace({{ plain }}, '(\p{L})(\p{N})', '\1 \2', 'g'),
            '(\p{N})(\p{L})', '\1 \2', 'g'
        ),
        '[^\p{L}\p{N}]+', ' ', 'g'
    ))
{%- endmacro %}

{#- The text with ä, ö, ü, å and ø written in two letters, as in "Schaedel" and "laar". -#}
{% macro in_two_letters(text) -%}
    {%- set umlauts = "replace(replace(replace(nfc_normalize(lower(" ~ text ~ ")), "
        ~ "'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue')" -%}
    replace(replace({{ umlauts }}, 'å', 'aa'), 'ø', 'oe')
{%- endmacro %}
