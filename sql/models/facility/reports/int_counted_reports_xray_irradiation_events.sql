{{ config(materialized='view') }}

{{ rows_of_counted_reports(
    ref('stg_lake__xray_irradiation_events'), ref('int_reports_not_counted')
) }}
