{#- Hashes of the keys that more than one row has. Eight bytes a key are grouped in a fraction of
    the memory of long keys. Two keys may share a hash by chance: they are compared in vain, so
    what is found by it is always compared by the keys themselves. -#}
{% macro repeated_hashes(relation, key_hash) -%}
    select {{ key_hash }} as key_hash
    from {{ relation }}
    group by {{ key_hash }}
    having count(*) > 1
{%- endmacro %}
