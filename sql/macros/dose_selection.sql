{#- What a method takes from the doses of an examination, as one word: its rules for CTDIvol, for
    regions and for phases (columns of seed methods). Methods with the same word share their
    statistics. -#}
{% macro dose_selection(methods) -%}
    concat_ws(' ', {{ methods }}.ctdivol_rule, {{ methods }}.regions, {{ methods }}.phases)
{%- endmacro %}


{#- Scopes whose statistics a method needs: its own, those of single procedures or quantities (seed
    method_procedures), and with CTDIvol per series those of acquisitions. -#}
{% macro scopes_of_method(methods) -%}
    list_distinct(
        [
            {{ methods }}.scope,
            if({{ methods }}.ctdivol_rule = 'per_series', 'acquisition', {{ methods }}.scope)
        ]
        || coalesce(
            (
                select list(method_procedures.scope)
                from {{ ref('method_procedures') }} as method_procedures
                where
                    method_procedures.method_id = {{ methods }}.method_id
                    and method_procedures.scope is not null
            ),
            []
        )
    )
{%- endmacro %}


{#- Scope of the statistic that a method uses for a quantity: CTDIvol and SSDE per series are those
    of acquisitions. -#}
{% macro scope_of_quantity(methods, drl_quantity) -%}
    case
        when {{ methods }}.ctdivol_rule = 'per_series' and {{ drl_quantity }} in ('ctdivol', 'ssde')
            then 'acquisition'
        else {{ methods }}.scope
    end
{%- endmacro %}


{#- Value of an examination by the rule of a method (macros of examination_ctdivol.sql): only
    CTDIvol and SSDE have a mean over scans and a largest value. -#}
{% macro selected_value(doses, rule) -%}
    case
        when {{ doses }}.drl_quantity not in ('ctdivol', 'ssde') then {{ doses }}.value
        when {{ rule }} = 'mean' then {{ doses }}.mean_value
        when {{ rule }} = 'maximum' then {{ doses }}.largest_value
        else {{ doses }}.value
    end
{%- endmacro %}
