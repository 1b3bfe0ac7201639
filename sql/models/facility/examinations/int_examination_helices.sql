with

diagnostic_events as (

    select
        *,
        ct_acquisition_type = 'spiral' and not coalesce(is_repeated_acquisition, false) as is_helix
    from {{ ref('int_events_classified') }}
    where event_kind = 'diagnostic'

),

regions as (

    select
        facility_id,
        study_key,
        modality,
        target_region_code,
        count(*) filter (where is_helix) as n_helices,
        count(*) filter (where is_repeated_acquisition) as n_repeated_events,
        max(scanning_length_mm) filter (where is_helix) as longest_mm,
        list(scanning_length_mm) filter (where is_helix) as lengths_mm
    from diagnostic_events
    group by facility_id, study_key, modality, target_region_code

),

-- A helix without a length may cover the whole range.
ranges as (

    select
        *,
        len(
            list_filter(lengths_mm, lambda l: coalesce(l >= longest_mm / 2, true))
        ) as n_of_the_range
    from regions

),

summed as (

    select
        facility_id,
        study_key,
        modality,
        cast(sum(n_helices) as bigint) as n_helices,
        cast(sum(n_repeated_events) as bigint) as n_repeated_events,
        count(*) filter (where n_helices > 0 and target_region_code is not null) as n_coded_regions,
        coalesce(bool_or(n_helices > 0 and target_region_code is null), false) as is_uncoded,
        coalesce(max(n_of_the_range), 0) as n_of_one_range
    from ranges
    group by facility_id, study_key, modality

),

-- Two helices, one without a coded region, may be two phases or two regions.
final as (

    select
        facility_id,
        study_key,
        modality,
        n_helices,
        case when not is_uncoded then n_coded_regions when n_helices = 1 then 1 end
            as n_helix_regions,
        case when not is_uncoded or n_helices = 1 then n_of_one_range end as n_phases,
        n_repeated_events
    from summed

)

select * from final
