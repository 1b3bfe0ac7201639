{#- Scanner features that one row of ct_irradiation_event shows; NULL where the row does not show
    it. Where one of two values is missing, the other decides. -#}
{% macro event_features() -%}
    kvp_kv,
    upper(nullif(trim(xray_modulation_type), '')) <> 'NONE' as is_modulated,
    case
        when contains(lower(reconstruction_algorithm), 'iterative reconstruction') then true
        when lower(trim(reconstruction_algorithm)) = 'filtered back projection' then false
    end as is_iterative,
    {{ is_either('ctdivol_notification_configured', 'dlp_notification_configured') }}
        as is_notification_configured,
    {{ is_either('ctdivol_alert_configured', 'dlp_alert_configured') }} as is_alert_configured,
    case
        when {{ is_either('ctdivol_notification_configured', 'dlp_notification_configured') }}
            then
                (
                    coalesce(ctdivol_notification_configured, false)
                    and mean_ctdivol_mgy > ctdivol_notification_value_mgy
                )
                or (
                    coalesce(dlp_notification_configured, false)
                    and dlp_mgy_cm > dlp_notification_value_mgy_cm
                )
    end as is_above_notification,
    dlp_alert_configured as is_dlp_alert_configured,
    dlp_alert_value_mgy_cm
{%- endmacro %}


{#- Whether one of two values is true; NULL only where both are missing. -#}
{% macro is_either(one, other) -%}
    coalesce({{ one }} or {{ other }}, {{ one }} and {{ other }})
{%- endmacro %}
