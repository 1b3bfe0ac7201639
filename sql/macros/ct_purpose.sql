{#- Length that an event has scanned, in mm: DLP / CTDIvol, which does not depend on what a device
    calls a length; the scanning length where one of the two is missing. For a stationary event
    both are the collimation (PS3.16 TID 10014). NULL where neither is known. -#}
{% macro scanned_length(dlp, ctdivol, scanning_length) -%}
    case
        when {{ dlp }} > 0 and {{ ctdivol }} > 0 then {{ dlp }} * 10 / {{ ctdivol }}
        when {{ scanning_length }} > 0 then {{ scanning_length }}
    end
{%- endmacro %}


{#- Longest stationary event that is bolus tracking whatever its name. Unit: mm. Source: ACR Dose
    Index Registry, where a CTDIvol (mGy) above DLP (mGy.cm) means that less than 1 cm was scanned.
    -#}
{% macro longest_bolus_mm() -%} 10 {%- endmacro %}


{#- Longest single collimation of a CT scanner. Unit: mm. A longer event is no bolus tracking,
    whatever its name. -#}
{% macro longest_collimation_mm() -%} 160 {%- endmacro %}


{#- Whether an event is a diagnostic acquisition of its examination. A calcium score is not one of
    a procedure of the heart: it is a low-dose scan without contrast medium. A stationary or free
    event of at least 80 mm is one only where the procedure is of the heart: it covers the heart in
    one rotation (the limit is drlake's own). -#}
{% macro is_diagnostic(events, is_heart) -%}
    (
        (
            {{ events }}.event_kind = 'diagnostic'
            and not ({{ events }}.is_named_calcium_score and coalesce({{ is_heart }}, false))
        )
        or (
            {{ events }}.event_kind = 'volume'
            and {{ events }}.scanned_length_mm >= 80
            and coalesce({{ is_heart }}, false)
        )
    )
{%- endmacro %}


{#- Whether the stationary and free events of an examination are a perfusion: they are named so, or
    the sum of their CTDIvol is more than twice the largest CTDIvol of its scans on the same
    phantom; without such a scan, above the range of one scan (150 mGy on the head phantom, 60 mGy
    on the body phantom). The limits are drlake's own. A heart is scanned several times at one
    place without perfusion, so only the name says so there. -#}
{% macro is_perfusion() -%}
    n_named_perfusion > 0
    or (
        not is_heart
        and coalesce(
            volume_ctdivol_mgy > case
                when
                    scan_ctdivol_mgy > 0
                    and first_phantom is not distinct from volume_phantom
                    and last_phantom is not distinct from volume_phantom
                    then 2 * scan_ctdivol_mgy
                when volume_phantom = 'body_32cm' then 60
                else 150
            end,
            false
        )
    )
{%- endmacro %}
