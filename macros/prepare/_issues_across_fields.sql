{#
    Rules that find issues by comparing fields of a record with those of all records, as <entity>_quality_issues reads them: each
    has CTEs over `records`, the last of which has record_id, source, field, problem, original_value and proposed_value. A
    rule finds its fields by their types, and is left out where an entity lacks them.
#}
{% macro _issues_across_fields(spec) %}
    {%- set issues = [] -%}
    {%- for rule, rules in [
        ('postcode_of_another_city', dbt_dedup._issues_of_places(spec)),
        ('names_in_wrong_fields', dbt_dedup._issues_of_names(spec)),
        ('email_of_another_person', dbt_dedup._issues_of_mailboxes(spec)),
    ] -%}
        {%- for found in rules -%}
            {%- do issues.append({
                'ctes': found.ctes, 'from': found.name, 'field': 'field', 'problem': 'problem', 'rule': "'" ~ rule ~ "'",
                'original': 'original_value', 'proposed': 'proposed_value', 'is_used': 'true',
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(issues) -}}
{% endmacro %}
