with

declared_facilities as (

    select *
    from {{ ref('stg_lake__declared_facilities') }}
    where modality = 'CT'

),

examinations as (

    select * from {{ ref('int_examinations_classified') }}
    where modality = 'CT' and period is not null

),

installed_base as (

    select * from {{ ref('int_installed_base') }}
    where modality = 'CT'

),

reported as (

    select
        period,
        facility_id,
        count(*) as n_reported
    from examinations
    group by period, facility_id

),

-- A facility that sent more than it declared counts as complete, at most 100 %.
coverage as (

    select
        coalesce(declared_facilities.period, reported.period) as period,
        'rdsr_examination_coverage' as indicator_id,
        coalesce(declared_facilities.facility_id, reported.facility_id) as facility_id,
        case
            when declared_facilities.n_examinations is null then 0
            else least(coalesce(reported.n_reported, 0), declared_facilities.n_examinations)
        end as numerator,
        coalesce(declared_facilities.n_examinations, 0) as denominator,
        case
            when declared_facilities.n_examinations is null then coalesce(reported.n_reported, 0)
            else 0
        end as n_unknown
    from declared_facilities
    full join reported
        on
            declared_facilities.period = reported.period
            and declared_facilities.facility_id = reported.facility_id

),

with_ct as (

    select
        period,
        facility_id
    from installed_base
    union
    select
        period,
        facility_id
    from declared_facilities

),

dose_management as (

    select
        with_ct.period,
        'dose_management_system' as indicator_id,
        with_ct.facility_id,
        if(declared_facilities.has_dose_management_system = 'yes', 1, 0) as numerator,
        if(declared_facilities.has_dose_management_system in ('yes', 'no'), 1, 0) as denominator,
        1 - denominator as n_unknown
    from with_ct
    left join declared_facilities
        on
            with_ct.period = declared_facilities.period
            and with_ct.facility_id = declared_facilities.facility_id

),

joined as (

    select * from coverage
    union all
    select * from dose_management

),

final as (

    select
        period,
        indicator_id,
        cast(null as varchar) as dimension,
        cast(null as varchar) as stratum,
        facility_id,
        cast(null as varchar) as device_key,
        cast(null as varchar) as software_versions,
        numerator,
        denominator,
        n_unknown
    from joined

)

select * from final
