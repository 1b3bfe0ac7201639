with

losses as (

    select
        facility_id,
        counted,
        step_number,
        step,
        reason_code,
        n
    from {{ ref('attrition') }}
    where reason_code is not null

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

step_sums as (

    {{ sums_of_facilities('losses', ['counted', 'step_number']) }}

),

-- Another table may show the total loss of a step, so reasons are merged within their step, and
-- across steps only where the whole step is suppressed there too.
blocks as (

    select
        step_sums.counted,
        bool_and({{ is_safe_sum('step_sums') }}) as is_merged_within_steps
    from step_sums
    cross join profile
    group by step_sums.counted

),

scoped as (

    select
        losses.*,
        case when blocks.is_merged_within_steps then losses.step_number else 0 end as merge_scope
    from losses
    inner join blocks on losses.counted = blocks.counted

),

reason_sums as (

    {{ sums_of_facilities(
        'scoped', ['counted', 'merge_scope', 'step_number', 'step', 'reason_code']
    ) }}

),

judged as (

    select
        reason_sums.*,
        {{ is_safe_sum('reason_sums') }} as is_safe
    from reason_sums
    cross join profile

),

-- Reasons that cannot be shown alone come first, then those of the fewest facilities.
ranked as (

    select
        *,
        row_number() over (
            partition by counted, merge_scope
            order by is_safe asc, n_facilities asc, n asc, step_number asc, reason_code asc
        ) as merge_rank,
        count(*) filter (where not is_safe) over (partition by counted, merge_scope) as n_unsafe
    from judged

),

-- Sums of the first n reasons, for each n.
prefixes as (

    select
        lasts.counted,
        lasts.merge_scope,
        lasts.merge_rank as n_merged,
        lasts.n_unsafe,
        scoped.facility_id,
        scoped.n
    from ranked as lasts
    inner join ranked as firsts
        on
            lasts.counted = firsts.counted
            and lasts.merge_scope = firsts.merge_scope
            and lasts.merge_rank >= firsts.merge_rank
    inner join scoped
        on
            firsts.counted = scoped.counted
            and firsts.step_number = scoped.step_number
            and firsts.reason_code = scoped.reason_code
    where lasts.merge_rank >= lasts.n_unsafe and lasts.n_unsafe > 0

),

prefix_sums as (

    {{ sums_of_facilities('prefixes', ['counted', 'merge_scope', 'n_merged']) }}

),

chosen as (

    select
        prefix_sums.counted,
        prefix_sums.merge_scope,
        min(prefix_sums.n_merged) filter (where {{ is_safe_sum('prefix_sums') }}) as n_merged
    from prefix_sums
    cross join profile
    group by prefix_sums.counted, prefix_sums.merge_scope

),

-- Where not even the sum of all reasons can be shown, all are merged and no number is shown.
final as (

    select
        ranked.counted,
        ranked.step_number,
        ranked.step,
        ranked.reason_code,
        ranked.merge_scope,
        case
            when ranked.n_unsafe = 0 then false
            else ranked.merge_rank <= coalesce(chosen.n_merged, ranked.merge_rank)
        end as is_merged,
        ranked.n_unsafe = 0 or chosen.n_merged is not null as is_shown
    from ranked
    left join chosen
        on ranked.counted = chosen.counted and ranked.merge_scope = chosen.merge_scope

)

select * from final
