{#- Property of a method for one procedure and DRL quantity, from seed method_procedures: the row
    that names both, else the procedure, else the quantity, else neither; NULL where no row gives
    the property. `methods` and `row` are names of rows: of a method, and of one with a procedure
    and a DRL quantity. -#}
{% macro method_property(property, methods, row) -%}
    (
        select
            arg_max(
                method_procedures.{{ property }},
                if(method_procedures.procedure_id is null, 0, 2)
                + if(method_procedures.drl_quantity is null, 0, 1)
            )
        from {{ ref('method_procedures') }} as method_procedures
        where
            method_procedures.method_id = {{ methods }}.method_id
            and coalesce(method_procedures.procedure_id, {{ row }}.procedure_id)
            = {{ row }}.procedure_id
            and coalesce(method_procedures.drl_quantity, {{ row }}.drl_quantity)
            = {{ row }}.drl_quantity
    )
{%- endmacro %}


{#- What a level of a method refers to for one procedure and DRL quantity: a whole examination, one
    acquisition, or one view. KAP of a procedure that is one view is of views. -#}
{% macro method_scope(methods, row) -%}
    coalesce(
        {{ method_property('scope', methods, row) }},
        case
            when
                {{ row }}.drl_quantity = 'kap'
                and {{ row }}.procedure_id in (
                    select of_one_view.procedure_id
                    from {{ ref('procedures') }} as of_one_view
                    where of_one_view.view is not null
                )
                then 'view'
        end,
        {{ scope_of_quantity(methods, row ~ '.drl_quantity') }}
    )
{%- endmacro %}


{#- Rounds a value to a multiple of a step, or else to significant digits, halves away from zero;
    NULL where neither is given. The inner and the outer rounding remove binary noise: 0.35 is 3.5
    steps of 0.1, and 3 steps are 0.3. -#}
{% macro rounded_as_stated(value, step, digits) -%}
    case
        when {{ step }} is not null
            then round(round(round({{ value }} / {{ step }}, 9)) * {{ step }}, 12)
        else {{ rounded_to_digits(value, digits) }}
    end
{%- endmacro %}
