with

published as (

    select
        {{ disclosed_whole(
            restricted=ref('age_band_doses'),
            profile=ref('int_disclosure_profile'),
            key=['period', 'procedure_id', 'patient_group_id', 'drl_quantity', 'age_band_id'],
            partition=['period', 'procedure_id', 'patient_group_id', 'drl_quantity'],
            needs=[
                'n_facilities', 'n_manufacturers', 'largest_manufacturer_share',
                'largest_facility_share',
            ],
            columns={
                'unit': 'word',
                'n_devices': 'count',
                'n_facilities': 'count',
                'p25': 'value',
                'p50': 'value',
                'p50_lower': 'lower',
                'p50_upper': 'upper',
                'p75': 'value',
                'n_compared': 'count',
                'n_above': 'count',
            },
        ) }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

patient_groups as (

    select * from {{ ref('patient_groups') }}

),

final as (

    select
        published.period,
        published.procedure_id,
        published.patient_group_id,
        published.drl_quantity,
        published.age_band_id,
        procedures.label as procedure_label,
        patient_groups.label as patient_group_label,
        published.unit,
        published.n_devices,
        published.n_facilities,
        published.p25,
        published.p50,
        published.p50_lower,
        published.p50_upper,
        published.p75,
        published.n_compared,
        published.n_above,
        round(published.n_above / nullif(published.n_compared, 0), 3) as share_above,
        floor(100 * {{ wilson_lower('published.n_above', 'published.n_compared') }}) / 100
            as share_above_lower,
        ceil(100 * {{ wilson_upper('published.n_above', 'published.n_compared') }}) / 100
            as share_above_upper,
        published.disclosure,
        published.disclosure_profile
    from published
    inner join procedures on published.procedure_id = procedures.procedure_id
    inner join patient_groups on published.patient_group_id = patient_groups.group_id

)

select * from final
