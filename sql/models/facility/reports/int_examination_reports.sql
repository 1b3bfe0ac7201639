{% set stated_columns = [
    'device_key', 'manufacturer', 'model_name', 'study_date', 'patient_age_days', 'patient_sex',
    'patient_weight_kg', 'patient_height_cm', 'study_description', 'requested_procedure',
    'procedure_code'] %}
with

dose_reports as not materialized (

    select * from {{ ref('int_counted_reports_dose_reports') }}

),

reports_also_nuclear as (

    select * from {{ ref('int_reports_also_nuclear') }}

),

of_each_modality as not materialized (

    select * from dose_reports

    union all

    select dose_reports.* replace ('NM' as modality)
    from dose_reports
    semi join reports_also_nuclear
        on
            dose_reports.submission_id = reports_also_nuclear.submission_id
            and dose_reports.object_sha256 = reports_also_nuclear.object_sha256

),

reports as not materialized (

    select
        facility_id,
        submission_id,
        object_sha256,
        report_key,
        study_key,
        modality,
        {{ stated_columns | join(', ') }},
        completion_flag,
        hash(facility_id, study_key, modality) as examination_hash
    from of_each_modality

),

repeated as (

    {{ repeated_hashes('reports', 'examination_hash') }}

),

reports_compared as (

    select reports.*
    from reports
    semi join repeated on reports.examination_hash = repeated.key_hash

),

events as (

    {% for relation in [
        ref('int_counted_reports_ct_irradiation_events'),
        ref('int_counted_reports_xray_irradiation_events'),
        ref('stg_lake__radiopharmaceutical_administrations'),
    ] %}
        select
            submission_id,
            object_sha256
        from {{ relation }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

report_sizes as (

    select
        events.submission_id,
        events.object_sha256,
        count(*) as n_report_events
    from events
    semi join reports_compared
        on
            events.submission_id = reports_compared.submission_id
            and events.object_sha256 = reports_compared.object_sha256
    group by events.submission_id, events.object_sha256

),

sized as (

    select
        reports_compared.*,
        coalesce(report_sizes.n_report_events, 0) as n_report_events
    from reports_compared
    left join report_sizes
        on
            reports_compared.submission_id = report_sizes.submission_id
            and reports_compared.object_sha256 = report_sizes.object_sha256

),

-- Most examinations have one report, which needs no sorting.
of_one_report as (

    select
        reports.facility_id,
        reports.study_key,
        reports.modality,
        reports.{{ stated_columns | join(', reports.') }},
        false as is_age_contradicted,
        coalesce(reports.completion_flag = 'PARTIAL', false) as has_partial_report,
        1::bigint as n_reports
    from reports
    anti join repeated on reports.examination_hash = repeated.key_hash

),

-- A study with two modalities (PET and CT) has one examination of each.
of_several_reports as (

    select
        facility_id,
        study_key,
        modality,
        {% for column in stated_columns %}
            {{ agreed_value(column) }} as {{ column }},
        {% endfor %}
        {{ is_age_contradicted('patient_age_days') }} as is_age_contradicted,
        coalesce(bool_or(completion_flag = 'PARTIAL'), false) as has_partial_report,
        count(*) as n_reports
    from sized
    group by facility_id, study_key, modality

),

final as (

    select * from of_one_report
    union all
    select * from of_several_reports

)

select * from final
