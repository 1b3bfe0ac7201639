{{ config(materialized='view') }}

{{ of_standing_reports(
    ref('stg_lake__xray_accumulated_doses'), ref('int_report_standings')
) }}
