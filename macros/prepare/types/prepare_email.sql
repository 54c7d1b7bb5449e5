{#
    E-mail addresses in canonical form: the address alone where a name precedes it (`Ann <a@b.com>`), lower case, provider
    aliases merged, the +tag left out, dots left out where the provider ignores them (reference list
    dedup_free_mail_domains). Keys: local part, domain.
#}
{% macro prepare_email(field) %}
    {%- set f = field.name -%}
    {%- set clean = f ~ '__clean' -%}
    {%- set local, domain = f ~ '__written_local', f ~ '__written_domain' -%}
    {%- set without_dots = dbt_dedup.case_lines(
        ['when ' ~ dbt_dedup.lookup('ignores_dots.entries', domain) ~ ' then replace(' ~ local ~ ", '.', '')"], local
    ) -%}
    {{- return({
        'lookups': {
            'mail_domains': {'seed': 'dedup_free_mail_domains', 'key': 'domain', 'entry': 'canonical'},
            'ignores_dots': {'seed': 'dedup_free_mail_domains', 'key': 'domain', 'entry': 'ignores_dots'},
        },
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'clean': dbt_dedup.replace_patterns(f ~ '__folded', [
                ['^.*<([^<>]*@[^<>]*)>.*$', '\\1'], ['^mailto:|[ <>()*,;]+|[.]+$', '']
            ])},
            {'address': dbt_dedup.extract_pattern(clean, '^([^@ ]+)@([a-z0-9.-]+[.][a-z]{2,})$')},
            {
                'written_local': dbt_dedup.replace_pattern("split_part(" ~ f ~ "__address, '@', 1)", '[+].*$', ''),
                'written_domain': "split_part(" ~ f ~ "__address, '@', 2)",
            },
        ],
        'value': "nullif(" ~ without_dots ~ ", '') || '@' || coalesce(" ~ dbt_dedup.lookup('mail_domains.entries', domain)
            ~ ", " ~ domain ~ ")",
        'problems': [{'name': 'not_an_address', 'when': f ~ ' is null'}],
        'derived': {
            'local': "split_part(" ~ f ~ ", '@', 1)",
            'domain': "split_part(" ~ f ~ ", '@', 2)",
        },
        'survivorship': 'current',
        'variant': "(split_part({0}, '@', 2) = split_part({1}, '@', 2)\nand " ~ dbt_dedup._mistyped() ~ ')',
        'described': {
            'local': 'The part before the @.',
            'domain': 'The part after the @.',
        },
    }) -}}
{% endmacro %}
