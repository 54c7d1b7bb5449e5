{#
    Steps from the value `<latitude> <longitude>` to the corners of its grid cell (see `derived` of prepare_field). A cell is
    0.01 degrees (1.11 km) high. Its width doubles from 0.01 degrees each time that meridians have come so close that the
    doubled cell is nearer to 1.11 km, so cells are 0.79 to 1.57 km wide between 87 degrees north and south. Because widths
    double, corners meet where two widths do: cells that touch share a corner everywhere but at the poles, also across the
    date line.
#}
{% macro geo_cell_steps(field_name) %}
    {%- set f = field_name -%}
    {%- set text_type = dbt_dedup.text_type() -%}
    {%- set row = 'cast(' ~ f ~ '__cell_row as integer)' -%}
    {%- set width = 'cast(' ~ f ~ '__cell_width as integer)' -%}
    {%- set latitude, longitude = "cast(split_part(" ~ f ~ ", ' ', 1) as double)", "cast(split_part(" ~ f ~ ", ' ', 2) as double)" -%}
    {#- the rows whose cosine of latitude is above 1 / sqrt(2), 1 / (2 sqrt(2)), ... -#}
    {%- set widths = [] -%}
    {%- for rows_from_equator in [4500, 6930, 7982, 8493, 8747] -%}
        {%- do widths.append(
            'when ' ~ row ~ ' between ' ~ (9000 - rows_from_equator) ~ ' and ' ~ (8999 + rows_from_equator)
            ~ " then '" ~ 2 ** loop.index0 ~ "'"
        ) -%}
    {%- endfor -%}
    {%- set edges = [] -%}
    {%- for extra in ['', ' + 1'] -%}
        {%- do edges.append(
            'cast(mod(\n    cast(floor((' ~ longitude ~ ' + 180) * 100 / ' ~ width ~ ')' ~ extra ~ ' as integer)\n    * '
            ~ width ~ ', 36000\n) as ' ~ text_type ~ ')'
        ) -%}
    {%- endfor -%}
    {%- set corners = [] -%}
    {%- for extra in [' + 1', ''] -%}
        {%- for edge in ['west', 'east'] -%}
            {%- do corners.append('cast(' ~ row ~ extra ~ ' as ' ~ text_type ~ ") || '_' || " ~ f ~ '__cell_' ~ edge) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return([
        {'cell_row': 'cast(cast(least(floor((' ~ latitude ~ ' + 90) * 100), 17999) as integer) as ' ~ text_type ~ ')'},
        {'cell_width': dbt_dedup.case_lines(widths, "'32'")},
        {'cell_west': edges[0], 'cell_east': edges[1]},
        {'corners': corners | join("\n|| ' ' || ")},
    ]) -}}
{% endmacro %}
