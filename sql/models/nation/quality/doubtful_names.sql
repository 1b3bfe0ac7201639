{{ config(schema='marts', contract={'enforced': true}) }}

with

names as (

    select *
    from {{ ref('fct_name_statistics') }}
    where procedure_id is not null and n_examinations >= 10

),

measured as (

    {% for evidence, column in [('scanned_length', 'median_length_mm'), ('dose', 'median_dose')] %}
        select
            facility_id,
            modality,
            field,
            compared_text,
            decision,
            procedure_id,
            n_examinations,
            '{{ evidence }}' as evidence,
            {{ column }} as median_value
        from names
        where {{ column }} is not null
        {% if not loop.last %} union all {% endif %}
    {% endfor %}

),

-- Numbers of other texts of the procedure: all of them, those below, and those with the same value.
placed as (

    select
        *,
        count(*) over of_procedure - count(*) over of_text as n_others,
        rank() over (of_procedure order by median_value)
        - rank() over (of_text order by median_value) as n_below,
        count(*) over of_equals - count(*) over of_text_equals as n_equal
    from measured
    window
        of_procedure as (partition by procedure_id, evidence),
        of_text as (partition by procedure_id, evidence, field, compared_text),
        of_equals as (partition by procedure_id, evidence, median_value),
        of_text_equals as (
            partition by procedure_id, evidence, field, compared_text, median_value
        )

),

-- Fewer than 100 others have no 1 to 99 % range that a single one does not decide.
final as (

    select
        facility_id,
        modality,
        field,
        compared_text,
        decision,
        procedure_id,
        n_examinations,
        evidence,
        median_value,
        n_below / n_others as share_below
    from placed
    where
        n_others >= 100
        and (n_below > 0.99 * n_others or n_below + n_equal < 0.01 * n_others)

)

select * from final
