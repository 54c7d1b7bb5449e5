{#
    A digest of everything but the records that the rows of a model are made from, as an SQL literal: the SQL of the model, the
    rows of the reference lists that it reads, and the engine. It is part of the hash of each row. If it changes, every row
    differs from what is stored and is computed again, and the log says so. `parts_read` are further texts that belong to it.
#}
{% macro _definition(spec, sql, parts_read=[]) %}
    {%- if not execute -%}{{- return("''") -}}{%- endif -%}
    {#- a copy of the warehouse has another name -#}
    {%- set parts = parts_read + [sql | string | replace(this.include(identifier=false) ~ '.', '')] -%}
    {%- set queries = ["select " ~ dbt_dedup.engine_version() ~ " as digest"] -%}
    {%- for id in model.depends_on.nodes | sort -%}
        {%- set node = graph.nodes.get(id) -%}
        {%- set is_read = node and node.name != spec.input
            and not modules.re.match('(stg_|int_)?' ~ spec.name ~ '_', node.name) -%}
        {%- if is_read -%}
            {%- set listed = load_relation(api.Relation.create(node.database, node.schema, node.alias)) -%}
            {#- what is not in the warehouse cannot be compared with what it was -#}
            {%- do queries.append(
                "select '" ~ node.name ~ "' || " ~ (dbt_dedup.table_digest(listed) if listed else "'" ~ invocation_id ~ "'")
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for row in run_query(queries | join('\nunion all\n')).rows -%}{%- do parts.append(row[0]) -%}{%- endfor -%}
    {%- set definition = local_md5(parts | sort | join('\n')) -%}
    {%- set known = dbt_dedup._made_by(this, 'definition') -%}
    {%- if known and known != definition and not should_full_refresh() and flags.WHICH in ['build', 'run'] -%}
        {%- do log(
            "dbt_dedup: entity '" ~ spec.name ~ "': " ~ this.identifier ~ ' is made anew, because the spec, a reference list,'
            ~ ' the counts, dbt_dedup or the engine changed since it was built.', info=true
        ) -%}
    {%- endif -%}
    {{- return("'" ~ definition ~ "'") -}}
{% endmacro %}
