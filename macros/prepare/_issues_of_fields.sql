{#
    Where stg_<entity>__records holds issues of one value, as <entity>_quality_issues selects them: the problem of each field,
    its remark if its type has any, and a time of the last change that cannot be read.
#}
{% macro _issues_of_fields(spec) %}
    {%- set issues = [] -%}
    {%- set change_time = dbt_dedup._change_time_field(spec) -%}
    {%- for field in spec.fields + ([change_time] if change_time else []) -%}
        {%- set f = field.name -%}
        {%- set prepared = dbt_dedup.prepare_field(field) -%}
        {%- set columns = {} if f == 'updated_at' else dbt_dedup._remark_columns(field, prepared) -%}
        {%- set by_type = "'prepare_" ~ field.type ~ "'" -%}
        {%- set names = prepared.problems | map(attribute='name') | unique | list -%}
        {%- set about = {
            'from': 'records', 'field': "'" ~ f ~ "'", 'original': f ~ '__original',
            'proposed': f ~ '__proposed' if 'proposed' in columns else 'cast(null as ' ~ dbt_dedup.text_type() ~ ')',
        } -%}
        {%- do issues.append(dict(about, **{
            'problem': f ~ '__problem',
            'rule': dbt_dedup.case_lines(
                ['when ' ~ f ~ "__problem in ('" ~ names | join("', '") ~ "') then " ~ by_type] if names else ['when false then null'],
                "'dedup_placeholders'"
            ),
            'is_used': 'false',
        })) -%}
        {%- if 'remark' in columns -%}
            {%- do issues.append(dict(about, **{'problem': f ~ '__remark', 'rule': by_type, 'is_used': 'true'})) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(issues) -}}
{% endmacro %}
