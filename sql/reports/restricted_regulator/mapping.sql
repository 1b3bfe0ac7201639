with

names_in_doubt as (

    select distinct
        facility_id,
        modality,
        field,
        compared_text,
        decision,
        n_examinations
    from marts.doubtful_names

),

doubtful as (

    select
        facility_id,
        modality,
        sum(n_examinations) as n_doubtful
    from names_in_doubt
    group by facility_id, modality

),

final as (

    select
        coverage.modality,
        cast(sum(coverage.n_examinations) as bigint) as n_examinations,
        cast(sum(coverage.n_mapped) as bigint) as n_mapped,
        sum(coverage.n_mapped) / sum(coverage.n_examinations) as mapped_share,
        cast(sum(coverage.n_mapped_unreviewed) as bigint) as n_mapped_unreviewed,
        sum(coverage.n_mapped_unreviewed) / nullif(sum(coverage.n_mapped), 0) as unreviewed_share,
        cast(coalesce(sum(doubtful.n_doubtful), 0) as bigint) as n_doubtful,
        cast(sum(coverage.n_undecided) as bigint) as n_undecided
    from marts.mapping_coverage as coverage
    left join doubtful
        on
            coverage.facility_id = doubtful.facility_id
            and coverage.modality = doubtful.modality
    group by coverage.modality
    order by coverage.modality

)

select * from final
