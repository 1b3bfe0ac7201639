-- No two rules tie, which would leave only their ids to decide a study.
with

rules as (

    select *
    from {{ ref('procedure_rules') }}
    where coalesce(valid_to >= valid_from, true)

),

-- Two joins by equality: a nation may have a hundred thousand rules.
final as (

    {% for column in ['priority', 'rule_id'] %}
        select
            rules.rule_id,
            rules.rule_version,
            rivals.rule_id as other_rule_id
        from rules
        inner join rules as rivals
            on
                rules.scope = rivals.scope
                and rules.modality = rivals.modality
                and rules.{{ column }} = rivals.{{ column }}
                and (rules.rule_id, rules.rule_version) < (rivals.rule_id, rivals.rule_version)
                and coalesce(rules.valid_from <= rivals.valid_to, true)
                and coalesce(rules.valid_to >= rivals.valid_from, true)
        {% if not loop.last %} union {% endif %}
    {% endfor %}

)

select * from final
