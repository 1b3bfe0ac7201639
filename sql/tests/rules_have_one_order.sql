-- No two rules tie, which would leave only their ids to decide a study.
with

rules as (

    select *
    from {{ ref('procedure_rules') }}
    where coalesce(valid_to >= valid_from, true)

),

final as (

    select
        rules.rule_id,
        rules.rule_version,
        rivals.rule_id as other_rule_id
    from rules
    inner join rules as rivals
        on
            rules.scope = rivals.scope
            and rules.modality = rivals.modality
            and (rules.priority = rivals.priority or rules.rule_id = rivals.rule_id)
            and (rules.rule_id, rules.rule_version) < (rivals.rule_id, rivals.rule_version)
            and coalesce(rules.valid_from <= rivals.valid_to, true)
            and coalesce(rules.valid_to >= rivals.valid_from, true)

)

select * from final
