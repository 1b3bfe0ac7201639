{#- The rule that decides each examination, of the relations texts, reports and rules: one row per
    examination that a rule decides. -#}
{% macro rules_that_decide(texts, reports, rules) -%}
with

distinct_texts as (

    select distinct
        modality,
        field,
        compared_text
    from {{ texts }} as texts

),

-- Each distinct text is compared once, however many examinations have it.
same_texts as (

    select
        distinct_texts.compared_text,
        rules.*
    from distinct_texts
    inner join {{ rules }} as rules
        on
            distinct_texts.modality = rules.modality
            and distinct_texts.field = rules.field
            and distinct_texts.compared_text = rules.pattern
    where rules.match_type <> 'pattern'

),

-- To compile a pattern takes longer than to search: the texts of a field are searched together, one
-- per line, and only the lines found are compared with the pattern itself.
lines as (

    select
        modality,
        field,
        string_agg(compared_text, chr(10)) as compared_texts
    from distinct_texts
    group by modality, field

),

lines_found as (

    select
        unnest(
            regexp_extract_all(
                lines.compared_texts,
                '(?m)^.*(?:' || replace(replace(rules.pattern, '\A', '^'), '\z', '$') || ').*$'
            )
        ) as found,
        rules.*
    from lines
    inner join {{ rules }} as rules
        on lines.modality = rules.modality and lines.field = rules.field
    where rules.match_type = 'pattern'

),

possible_texts as (

    select
        unnest(string_split(found, chr(10))) as compared_text,
        * exclude (found)
    from lines_found

),

rule_matches as (

    select * from same_texts

    union all

    select *
    from possible_texts
    where regexp_matches(compared_text, pattern)

),

-- Of the rules that match, a code takes precedence, then one of the facility, then one of the
-- device's model, then the lowest priority value: place 1.
placed_matches as (

    select
        *,
        dense_rank() over (
            order by
                match_type = 'code' desc, scope = 'national' asc, starts_with(scope, 'model:') asc,
                priority asc, rule_id asc, rule_version asc
        ) as place
    from rule_matches

),

placed_rules as (

    select distinct
        place,
        procedure_id,
        rule_id,
        rule_version
    from placed_matches

),

-- A rule applies to all facilities, to one, or to a model of devices, and to a range of study dates;
-- for a study without a date, rules without an end apply.
chosen as (

    select
        texts.facility_id,
        texts.study_key,
        texts.modality,
        min(placed_matches.place) as place
    from {{ texts }} as texts
    inner join {{ reports }} as reports
        on
            texts.facility_id = reports.facility_id
            and texts.study_key = reports.study_key
            and texts.modality = reports.modality
    inner join placed_matches
        on
            texts.modality = placed_matches.modality
            and texts.field = placed_matches.field
            and texts.compared_text = placed_matches.compared_text
            and placed_matches.scope in (
                'national', texts.facility_id, 'model:' || {{ device_model('reports') }}
            )
            and case
                when reports.study_date is null then placed_matches.valid_to is null
                else
                    reports.study_date >= placed_matches.valid_from
                    and coalesce(reports.study_date <= placed_matches.valid_to, true)
            end
    group by texts.facility_id, texts.study_key, texts.modality

)

select
    chosen.facility_id,
    chosen.study_key,
    chosen.modality,
    placed_rules.procedure_id,
    placed_rules.rule_id,
    placed_rules.rule_version
from chosen
inner join placed_rules on chosen.place = placed_rules.place
{%- endmacro %}
