{#
    What becomes of a column whose data type a field of `type` does not expect, and what to do about it; none where the field can
    read the column as it is. `data_type` is the engine's name in lower case, such as `double` or `varchar[]`.
#}
{% macro _unexpected_type(type, data_type) %}
    {%- set is_nested = data_type.endswith(']') or modules.re.match('(array|list|struct|map|row|record|union|json|variant|super)', data_type) -%}
    {%- set is_truth = data_type.startswith('bool') -%}
    {%- set is_fraction = modules.re.match('(double|float|real|decimal|numeric)', data_type) and not data_type.endswith(',0)') -%}
    {%- set is_whole = modules.re.match('u?(tiny|small|big|huge|medium)?int', data_type) or data_type.endswith(',0)') -%}
    {%- set is_time = modules.re.match('(date|time)', data_type) -%}
    {%- set is_moment = data_type in ['timestamp with time zone', 'timestamptz'] -%}
    {%- set first_counts = 'The first item counts.' if type in ['email', 'phone', 'url'] else 'The text of the whole value is read.' -%}
    {%- if is_nested -%}
        {{- return(first_counts ~ ' Give the column one text per record to be sure which.') -}}
    {%- elif is_truth and type not in ['category', 'text'] -%}
        {{- return('Its values are read as the words true and false. Is it the right column?') -}}
    {%- elif modules.re.match('(blob|bytea|binary|varbinary)', data_type) -%}
        {{- return('Its bytes are read as text. Decode them before.') -}}
    {%- elif is_fraction and type in ['phone', 'postcode', 'identifier'] -%}
        {{- return('A number has no leading zeros: 0211.0 is 211. The fraction is left out; give the column as text to keep the zeros.') -}}
    {%- elif is_whole and type in ['phone', 'postcode'] -%}
        {{- return(
            'A number has no leading zeros. Give the column as text to keep them; a seed does with the config column_types.'
        ) -}}
    {%- elif (is_fraction or is_whole) and type in ['given_name', 'family_name', 'full_name', 'email', 'city', 'url', 'date'] and not
        (type == 'date' and is_whole) -%}
        {{- return('Its numbers are read as text. Is it the right column?') -}}
    {%- elif is_moment and type == 'date' -%}
        {{- return(
            'Its days are those of UTC. If another time zone is meant, cast the column there to a date before: '
            ~ "cast(column at time zone 'Europe/Berlin' as date)."
        ) -}}
    {%- elif is_moment and type in ['text', 'category'] -%}
        {{- return('Its text depends on the time zone of the session. Cast it to a timestamp or a text before.') -}}
    {%- elif is_time and type not in ['date', 'text', 'category'] -%}
        {{- return('Its dates are read as text. Is it the right column?') -}}
    {%- endif -%}
{% endmacro %}
