{{ config(materialized='view') }}

{{ of_standing_reports(
    ref('stg_lake__radiopharmaceutical_administrations'), ref('int_reports_left_out')
) }}
