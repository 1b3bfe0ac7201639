{#- Key columns of national rows: one row for each combination. -#}
{% macro national_key() -%}
    method_id, method_version, period, procedure_id, patient_group_id, drl_quantity
{%- endmacro %}


{#- Whether the rows of two relations have the same method, procedure, group and quantity; the model
    adds the condition on periods. -#}
{% macro is_same_statistic(one, other) -%}
    {{ one }}.method_id = {{ other }}.method_id
    and {{ one }}.method_version = {{ other }}.method_version
    and {{ one }}.procedure_id = {{ other }}.procedure_id
    and {{ one }}.patient_group_id = {{ other }}.patient_group_id
    and {{ one }}.drl_quantity = {{ other }}.drl_quantity
{%- endmacro %}


{#- As above, in the same period: whether two rows belong to the same cell. -#}
{% macro is_same_cell(one, other) -%}
    {{ is_same_statistic(one, other) }}
    and {{ one }}.period = {{ other }}.period
{%- endmacro %}
