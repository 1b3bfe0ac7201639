{{ config(materialized='view') }}

{{ of_standing_reports(
    ref('stg_lake__xray_irradiation_events'), ref('int_reports_left_out')
) }}
