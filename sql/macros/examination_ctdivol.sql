{#- Sums over the scans of an examination from which CTDIvol or SSDE of the examination is computed
    (macros below). `value` is NULL or zero where a scan has none. -#}
{% macro examination_sums(value, value_by_length, name) -%}
    count(*) filter (where is_in_mean and {{ value }} > 0) as n_with_{{ name }},
    min({{ value }}) filter (where is_in_mean) as lowest_{{ name }},
    max({{ value }}) filter (where is_in_mean) as highest_{{ name }},
    sum({{ value }}) filter (where is_in_mean) as sum_of_{{ name }},
    sum({{ value_by_length }}) filter (where is_in_mean) as {{ name }}_by_length
{%- endmacro %}


{#- CTDIvol or SSDE of an examination: the mean over its scans, weighted by their length, so that
    CTDIvol times the scanned length stays DLP. NULL where a scan has no value, and where the
    values of the scans differ and the length of one is unknown. -#}
{% macro weighted_by_length(name) -%}
    case
        when n_with_{{ name }} < n_in_mean then null
        when lowest_{{ name }} = highest_{{ name }} then cast(highest_{{ name }} as double)
        when n_with_length = n_in_mean then {{ name }}_by_length / sum_of_lengths_mm
    end
{%- endmacro %}


{#- The same by the other rules that a method can choose (`ctdivol_rule` of seed methods): the mean
    over scans, whatever their length, and the largest. NULL where a scan has no value. -#}
{% macro mean_of_scans(name) -%}
    case when n_with_{{ name }} = n_in_mean then sum_of_{{ name }} / n_in_mean end
{%- endmacro %}


{% macro largest_of_scans(name) -%}
    case when n_with_{{ name }} = n_in_mean then cast(highest_{{ name }} as double) end
{%- endmacro %}
