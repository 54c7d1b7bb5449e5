{#
    E-mail addresses in canonical form: the address alone where a name stands before it (`Ann <a@b.com>`), lower case,
    provider aliases merged, the +tag left out, dots left out where the provider ignores them. Keys: local part, domain.
#}
{% macro prepare_email(field) %}
    {%- set f = field.name -%}
    {%- set address = dbt_dedup.extract_pattern(f ~ '__clean', '^([^@ ]+)@([a-z0-9.-]+[.][a-z]{2,})$', 0) -%}
    {%- set written = dbt_dedup.replace_pattern(dbt_dedup.fold_text(f ~ '__original'), '^.*<([^<>]*@[^<>]*)>.*$', '\\1') -%}
    {%- set local = dbt_dedup.replace_pattern("split_part(" ~ f ~ "__clean, '@', 1)", '[+].*$', '') -%}
    {%- set domain = "split_part(" ~ f ~ "__clean, '@', 2)" -%}
    {{- return({
        'clean': dbt_dedup.replace_pattern(written, '^mailto:|[ <>()*,;]+|[.]+$', ''),
        'value': "case when " ~ address ~ " is not null then "
            ~ "nullif(case when " ~ dbt_dedup.lookup('ignores_dots.entries', domain) ~ " then replace(" ~ local ~ ", '.', '') else "
            ~ local ~ " end, '') || '@' || coalesce(" ~ dbt_dedup.lookup('mail_domains.entries', domain) ~ ", " ~ domain ~ ") end",
        'problems': [{'name': 'not_an_address', 'when': f ~ ' is null'}],
        'lookups': ['mail_domains', 'ignores_dots'],
        'derived': {
            'local': "split_part(" ~ f ~ ", '@', 1)",
            'domain': "split_part(" ~ f ~ ", '@', 2)",
        },
    }) -}}
{% endmacro %}
