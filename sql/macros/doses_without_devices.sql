{#- Doses without those of devices whose values are left out of the levels. With `only_affected`,
    only the doses of the same facilities, periods and quantities. -#}
{% macro doses_without_devices(doses, left_out, only_affected=false) -%}
    select doses.*
    from {{ doses }} as doses
    {% if only_affected %}
        semi join {{ left_out }} as affected
            on
                doses.facility_id = affected.facility_id
                and doses.period = affected.period
                and doses.drl_quantity = affected.drl_quantity
    {% endif %}
    anti join {{ left_out }} as left_out
        on
            doses.facility_id = left_out.facility_id
            and doses.device_key = left_out.device_key
            and doses.period = left_out.period
            and doses.drl_quantity = left_out.drl_quantity
{%- endmacro %}


{#- Statistics of the facilities that have such devices, without these: of examinations, of
    acquisitions and of views. -#}
{% macro statistics_without_devices(left_out) -%}
    {%- for scope, doses in [
        ('examination', ref('fct_examination_doses')),
        ('acquisition', ref('fct_acquisition_doses')),
        ('view', ref('fct_view_doses')),
    ] %}
        {{ 'union all' if not loop.first }}
        from (
            {{ unit_statistics(
                '(' ~ doses_without_devices(doses, left_out, true) ~ ')',
                doses, ref('int_method_groups'), scope, 'facility'
            ) }}
        )
    {%- endfor %}
{%- endmacro %}


{#- Whether two rows are the same statistic of the same facility. -#}
{% macro is_same_facility_statistic(one, other) -%}
    {%- for column in [
        'facility_id', 'period', 'scope', 'unit_of_analysis', 'procedure_id', 'patient_group_id',
        'drl_quantity', 'dose_selection',
    ] %}
        {{ one }}.{{ column }} = {{ other }}.{{ column }}{{ ' and' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- Doses of examinations and of breast views together, with their scope: an examination of breasts
    has doses of its views only. The views of radiographs are parts of examinations that are here. -#}
{% macro doses_of_examinations_and_views(examination_doses, view_doses) -%}
    select
        *,
        'examination' as scope
    from {{ examination_doses }}

    union all by name

    select
        *,
        'view' as scope
    from {{ view_doses }}
    where modality = 'MG'
{%- endmacro %}


{#- Number of examinations behind such doses. -#}
{% macro n_examinations_of_doses() -%}
    count(*) filter (scope = 'examination')
    + count(distinct {{ study_hash('study_key') }}) filter (scope = 'view')
{%- endmacro %}
