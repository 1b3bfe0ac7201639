-- Levels of the first-line method that are above a published level: the published level is below
-- the lower limit of ours. They are of the newest period with a level, else of the one in which
-- most facilities count. Levels that are not comparable, and the reasons, are in
-- published_drl_comparisons.
with

shown as (

    select * from national_drls
    where disclosure = 'shown'

),

of_one_method as (

    select * from shown
    qualify dense_rank() over (order by method_id <> 'drlake_first_line', method_id) = 1

),

-- The newest period with a level, else the one in which most facilities count.
periods as (

    select
        period,
        row_number() over (
            order by
                max(period) filter (where status = 'ndrl') desc nulls last,
                max(n_facilities) desc nulls last,
                period desc
        ) as place
    from of_one_method
    group by period

),

newest as (

    select of_one_method.*
    from of_one_method
    inner join periods on of_one_method.period = periods.period
    where periods.place = 1

),

higher as (

    select * from published_drl_comparisons
    where verdict = 'higher'

),

final as (

    select
        newest.modality,
        newest.procedure_label,
        newest.patient_group_label,
        newest.drl_quantity,
        newest.unit,
        newest.national_drl,
        newest.national_drl_lower,
        higher.jurisdiction,
        higher.published_drl,
        higher.ratio,
        higher.published_drl_id,
        newest.period,
        newest.method_id,
        newest.method_version,
        newest.procedure_id,
        newest.patient_group_id
    from newest
    inner join higher
        on
            newest.method_id = higher.method_id
            and newest.method_version = higher.method_version
            and newest.period = higher.period
            and newest.procedure_id = higher.procedure_id
            and newest.patient_group_id = higher.patient_group_id
            and newest.drl_quantity = higher.drl_quantity
    order by
        higher.ratio desc,
        newest.procedure_label asc,
        newest.drl_quantity asc,
        higher.published_drl_id asc

)

select * from final
