{#- Hashes of keys that occur in more than one row. Grouping eight-byte hashes needs a fraction of
    the memory of long keys. Two keys may share a hash by chance, so the keys themselves must be
    compared afterwards. -#}
{% macro repeated_hashes(relation, key_hash) -%}
    select {{ key_hash }} as key_hash
    from {{ relation }}
    group by {{ key_hash }}
    having count(*) > 1
{%- endmacro %}
