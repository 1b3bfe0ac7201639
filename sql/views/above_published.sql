-- Levels of the newest period and the first-line method that are above a published level: the
-- published level is below the lower limit of ours. Levels that are not comparable, and the
-- reasons, are in published_drl_comparisons.
with

shown as (

    select * from national_drls
    where disclosure = 'shown'

),

of_one_method as (

    select * from shown
    qualify dense_rank() over (order by method_id <> 'drlake_first_line', method_id) = 1

),

newest as (

    select * from of_one_method
    qualify dense_rank() over (order by period desc) = 1

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
