{#
    Run before stg_<entity>__records is built: stops with one message where there is no input, where it lacks a column of the
    spec, or where a record id is null, appears twice, or is of a type whose text is not the same everywhere. Warns where a
    column has a type that its field does not expect. Many fields are long SQL, which the engine is told.
#}
{% macro _check_input(entity_name) %}
    {%- if execute -%}
        {%- set spec = dbt_dedup.entity(entity_name) -%}
        {%- if dbt_dedup._has_many_fields(spec) -%}{%- do dbt_dedup.allow_long_queries() -%}{%- endif -%}
        {%- set relation = dbt_dedup._input_relation(spec) -%}
        {%- set input_columns = dbt_dedup._input_columns(relation) -%}
        {%- set columns = input_columns | map(attribute='name') | list -%}
        {%- if not columns -%}
            {{- exceptions.raise_compiler_error(
                "dbt_dedup: entity '" ~ entity_name ~ "', key 'input': there is no " ~ relation ~ " yet. Build it first, as"
                ~ " `dbt build --select +stg_" ~ entity_name ~ "__records` does, or correct 'input'."
            ) -}}
        {%- endif -%}
        {%- set wanted = [['record_id', spec.record_id]] -%}
        {%- for key in ['source', 'updated_at'] if spec[key] -%}{%- do wanted.append([key, spec[key]]) -%}{%- endfor -%}
        {%- for field in spec.fields -%}
            {%- for column in ([field.column] if field.column is string else field.column) -%}
                {%- do wanted.append(['fields.' ~ field.name, column]) -%}
            {%- endfor -%}
            {%- if field.country is mapping -%}
                {%- do wanted.append(['fields.' ~ field.name ~ '.country', field.country.column]) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for key, column in wanted if column | lower not in columns | map('lower') | list -%}
            {%- set nearest = dbt_dedup._nearest_name(column, columns) -%}
            {{- exceptions.raise_compiler_error(
                "dbt_dedup: entity '" ~ entity_name ~ "', key '" ~ key ~ "': " ~ relation ~ " has no column '" ~ column
                ~ "', only " ~ (columns | join(', ')) ~ (". Did you mean '" ~ nearest ~ "'?" if nearest else '')
            ) -}}
        {%- endfor -%}

        {%- set types = {} -%}
        {%- for column in input_columns -%}{%- do types.update({column.name | lower: column.data_type | lower}) -%}{%- endfor -%}
        {%- for field in spec.fields -%}
            {%- for column in ([field.column] if field.column is string else field.column) -%}
                {%- set advice = dbt_dedup._unexpected_type(field.type, types[column | lower]) -%}
                {%- if advice -%}
                    {%- do exceptions.warn(
                        "dbt_dedup: entity '" ~ entity_name ~ "', field '" ~ field.name ~ "' of type " ~ field.type ~ ": column '" ~ column
                        ~ "' of " ~ relation ~ " is of type " ~ types[column | lower] ~ ". " ~ advice
                    ) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}

        {%- if types[spec.record_id | lower] in ['timestamp with time zone', 'timestamptz'] -%}
            {{- exceptions.raise_compiler_error(
                "dbt_dedup: entity '" ~ entity_name ~ "', key 'record_id': column '" ~ spec.record_id ~ "' of " ~ relation ~ " is of type "
                ~ types[spec.record_id | lower] ~ ", whose text depends on the time zone of the session. Cast it to a timestamp or a"
                ~ " text in the input, or choose another record_id."
            ) -}}
        {%- endif -%}
        {%- set id = adapter.quote(spec.record_id) -%}
        {%- set nulls = run_query("select count(*) from " ~ relation ~ " where " ~ id ~ " is null").rows[0][0] -%}
        {%- if nulls > 0 -%}
            {{- exceptions.raise_compiler_error(
                "dbt_dedup: entity '" ~ entity_name ~ "': " ~ nulls ~ " record(s) of " ~ relation ~ " have no " ~ spec.record_id
                ~ ". Every record needs an id of its own: fill it, or filter these records out of the input."
            ) -}}
        {%- endif -%}
        {#- as text, which is what an id is from here on: 30 days and 1 month are equal as intervals -#}
        {%- set id_text = "cast(" ~ id ~ " as " ~ dbt_dedup.text_type() ~ ")" -%}
        {%- set repeated = run_query(
            "select " ~ id_text ~ ", count(*) over () from " ~ relation
            ~ " group by " ~ id_text ~ " having count(*) > 1 order by 1 asc limit 3"
        ).rows -%}
        {%- if repeated | length > 0 -%}
            {{- exceptions.raise_compiler_error(
                "dbt_dedup: entity '" ~ entity_name ~ "': " ~ repeated[0][1] ~ " value(s) of " ~ spec.record_id ~ " appear more than once in "
                ~ relation ~ ", for example " ~ (repeated | map('first') | join(', '))
                ~ ". Every record needs an id of its own: choose another record_id, or remove the repeated rows."
            ) -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
