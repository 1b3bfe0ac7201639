{#- First reason why a level and a published level are not comparable; NULL where they are. Needs
    the rows `published_drls`, `methods` and `procedures`. -#}
{% macro incomparable_reason(levels) -%}
    case
        when published_drls.scope is null then 'scope_not_stated'
        when published_drls.scope <> {{ method_scope('methods', levels) }} then 'other_scope'
        when published_drls.patient_group_id is null then 'patient_group_not_stated'
        when
            published_drls.patient_group_id <> {{ levels }}.patient_group_id
            then 'other_patient_group'
        when published_drls.percentile is null then 'percentile_not_stated'
        when published_drls.percentile <> methods.percentile then 'other_percentile'
        when published_drls.statistic <> methods.site_statistic then 'other_statistic'
        when
            published_drls.phantom is null and procedures.drl_phantom is not null
            then 'phantom_not_stated'
        when
            coalesce(published_drls.phantom, '') <> coalesce(procedures.drl_phantom, '')
            then 'other_phantom'
        when published_drls.unit_canonical <> {{ levels }}.unit then 'other_unit'
    end
{%- endmacro %}
