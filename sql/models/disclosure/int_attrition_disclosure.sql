with

attrition as (

    select * from {{ ref('attrition') }}

),

merged_reasons as (

    select * from {{ ref('int_attrition_merges') }}

),

profile as (

    select * from {{ ref('int_disclosure_profile') }}

),

first_merged as (

    select
        counted,
        merge_scope,
        min(step_number) as step_number,
        case when count(distinct step) = 1 then min(step) else 'lost' end as step
    from merged_reasons
    where is_merged
    group by counted, merge_scope

),

relabelled as (

    select
        attrition.facility_id,
        attrition.counted,
        coalesce(first_merged.step_number, attrition.step_number) as step_number,
        coalesce(first_merged.step, attrition.step) as step,
        case
            when first_merged.step is not null then 'other_reasons'
            else coalesce(attrition.reason_code, 'none')
        end as reason_code,
        attrition.reason_code is not null as is_loss,
        coalesce(merged_reasons.is_shown, true) as are_losses_shown,
        attrition.n
    from attrition
    left join merged_reasons
        on
            attrition.counted = merged_reasons.counted
            and attrition.step_number = merged_reasons.step_number
            and attrition.reason_code = merged_reasons.reason_code
    left join first_merged
        on
            merged_reasons.counted = first_merged.counted
            and merged_reasons.merge_scope = first_merged.merge_scope
            and merged_reasons.is_merged

),

sums as (

    {{ sums_of_facilities(
        'relabelled',
        ['counted', 'step_number', 'step', 'reason_code', 'is_loss', 'are_losses_shown']
    ) }}

),

judged as (

    select
        sums.*,
        {{ is_safe_sum('sums') }} as is_safe,
        max(sums.step_number) over (partition by sums.counted) as last_step_number
    from sums
    cross join profile

),

blocks as (

    select
        counted,
        bool_and(is_safe) filter (where not is_loss) as are_ends_safe,
        coalesce(bool_and(are_losses_shown and is_safe) filter (where is_loss), true)
            as are_losses_shown
    from judged
    group by counted

),

-- First step, losses and last step form an equation: where the losses are suppressed, one end is
-- suppressed too. For objects this is the first step, because the last is also the first step of
-- reports.
final as (

    select
        judged.counted,
        judged.step_number,
        judged.step,
        judged.reason_code,
        judged.n,
        judged.n_facilities,
        blocks.are_ends_safe
        and (
            blocks.are_losses_shown
            or (
                not judged.is_loss
                and case judged.counted
                    when 'object' then judged.step_number = judged.last_step_number
                    else judged.step_number < judged.last_step_number
                end
            )
        ) as is_shown
    from judged
    inner join blocks on judged.counted = blocks.counted

)

select * from final
