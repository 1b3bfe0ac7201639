{{ config(materialized='view') }}

{{ of_standing_reports(
    ref('stg_lake__xray_accumulated_doses'), ref('int_reports_left_out')
) }}
