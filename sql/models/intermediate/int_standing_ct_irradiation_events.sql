{{ config(materialized='view') }}

{{ of_standing_reports(
    ref('stg_lake__ct_irradiation_events'), ref('int_reports_left_out')
) }}
