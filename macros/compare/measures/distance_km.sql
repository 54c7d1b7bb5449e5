{#
    Kilometres between two places along a great circle of a sphere with the mean radius of the Earth (6371.0088 km, IUGG), by the
    haversine formula (Sinnott 1984), which is exact for small distances. By rounding, the root passes 1 at antipodes.
#}
{% macro distance_km(field) %}
    {%- set l, r = 'l.' ~ field, 'r.' ~ field -%}
    {%- set latitudes = ['radians(' ~ l ~ '__latitude)', 'radians(' ~ r ~ '__latitude)'] -%}
    {%- set longitudes = ['radians(' ~ l ~ '__longitude)', 'radians(' ~ r ~ '__longitude)'] -%}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ l ~ ' = ' ~ r ~ ' then 0.0',
        'when ' ~ l ~ ' <> ' ~ r ~ ' then 2 * 6371.0088 * asin(least(1.0, sqrt('
            ~ '\n    pow(sin((' ~ latitudes | join(' - ') ~ ') / 2), 2)'
            ~ '\n    + cos(' ~ latitudes | join(') * cos(') ~ ')'
            ~ '\n    * pow(sin((' ~ longitudes | join(' - ') ~ ') / 2), 2)'
            ~ '\n)))',
    ])) -}}
{% endmacro %}
