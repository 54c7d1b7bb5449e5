{#
    E-mail addresses in canonical form: the first address of the text, lower case, provider aliases merged, the +tag left out, dots
    left out where the provider ignores them (reference list dedup_free_mail_domains). A domain that is certainly mistyped is
    corrected (dedup_mail_domain_typos). Part: the second address. Keys: local part, domain.
#}
{% macro prepare_email(field) %}
    {%- set f = field.name -%}
    {%- set local, domain = f ~ '__written_local', f ~ '__read_domain' -%}
    {%- set patterns = dbt_dedup._email_patterns() -%}
    {%- set is_address = dbt_dedup.matches_pattern(f ~ '__folded', patterns.address_alone) -%}
    {%- set half_length = 'cast(length(' ~ f ~ '__folded) / 2 as integer)' -%}
    {%- set without_dots = dbt_dedup.case_lines([
        'when ' ~ local ~ " like '%.%' and " ~ dbt_dedup.lookup('ignores_dots.entries', domain) ~ ' then replace(' ~ local ~ ", '.', '')"
    ], local) -%}
    {#- thrice replace is quicker than translate, which looks up every letter -#}
    {%- set letters = "replace(replace(replace(" ~ local ~ ", '.', ''), '_', ''), '-', '')" -%}
    {{- return({
        'lookups': {
            'mail_domains': {'seed': 'dedup_free_mail_domains', 'key': 'domain', 'entry': 'canonical'},
            'ignores_dots': {'seed': 'dedup_free_mail_domains', 'key': 'domain', 'entry': 'ignores_dots'},
            'mail_typos': {'seed': 'dedup_mail_domain_typos', 'key': 'written', 'entry': 'domain'},
        },
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'is_address_alone': is_address},
            {'clean': dbt_dedup.case_lines([
                'when ' ~ f ~ '__is_address_alone then ' ~ f ~ '__folded',
                'when ' ~ f ~ "__folded like '%@%@%'\n    and left(" ~ f ~ '__folded, ' ~ half_length ~ ') = right(' ~ f ~ '__folded, '
                    ~ half_length ~ ')\n    then left(' ~ f ~ '__folded, ' ~ half_length ~ ')',
                'when ' ~ f ~ "__folded like '%@%'\n    then " ~ dbt_dedup.replace_patterns(f ~ '__folded', patterns.around_at),
            ], dbt_dedup.replace_patterns(f ~ '__folded', patterns.at_in_words))},
            {'address': dbt_dedup.case_lines([
                'when ' ~ f ~ '__is_address_alone then ' ~ f ~ '__clean',
            ], 'coalesce(\n    ' ~ dbt_dedup.extract_pattern('\n        ' ~ f ~ '__clean', patterns.first_address, 1)
                ~ ',\n    ' ~ dbt_dedup.extract_pattern(
                    '\n        ' ~ dbt_dedup.replace_patterns(f ~ '__clean', patterns.slips), patterns.mistyped_address
                ) ~ '\n)')},
            {
                'written_local': "trim(both '.' from replace(split_part(split_part(" ~ f ~ "__address, '@', 1), '+', 1), '..', '.'))",
                'written_domain': "split_part(" ~ f ~ "__address, '@', 2)",
                'second_written': dbt_dedup.case_lines([
                    'when not ' ~ f ~ "__is_address_alone and " ~ f ~ "__clean like '%@%@%'\n    then "
                        ~ dbt_dedup.extract_pattern(
                            '\n        substr(' ~ f ~ '__clean, ' ~ dbt_dedup._place_of(f ~ '__address', f ~ '__clean') ~ ' + length('
                                ~ f ~ '__address))',
                            patterns.first_address, 1
                        ),
                ]),
            },
        ] + dbt_dedup._punycode_steps(f, 'written_domain', 'decoded_domain') + [
            {'known_domain': dbt_dedup.lookup('mail_typos.entries', f ~ '__decoded_domain')},
            {'read_domain': dbt_dedup.case_lines([
                'when ' ~ f ~ '__known_domain is not null then ' ~ f ~ '__known_domain',
                'when right(' ~ f ~ "__decoded_domain, 4) in ('.con', '.cmo', '.ocm', '.vom', '.xom', '.cpm')\n    then left("
                    ~ f ~ '__decoded_domain, length(' ~ f ~ "__decoded_domain) - 4) || '.com'",
                'when ' ~ f ~ "__decoded_domain like '%.com.com'\n    then left(" ~ f ~ '__decoded_domain, length(' ~ f ~ '__decoded_domain) - 4)',
            ], f ~ '__decoded_domain')},
        ],
        'value': dbt_dedup.case_lines([
            'when ' ~ domain ~ " like '%.%'\n    then nullif(" ~ without_dots | indent(4) ~ ", '') || '@' || coalesce("
                ~ dbt_dedup.lookup('mail_domains.entries', domain) ~ ', ' ~ domain ~ ')'
        ]),
        'parts': {'second': f ~ '__second_written'},
        'listed_part': "nullif(" ~ letters ~ ", '') || '@'",
        'problems': [
            {'name': 'not_an_address', 'when': f ~ ' is null'},
            {'name': 'no_such_domain', 'when': dbt_dedup.matches_pattern(f, '[.](invalid|localhost|localdomain|local)$')},
        ],
        'remarks': [
            {'name': 'misspelled_domain', 'when': domain ~ ' <> ' ~ f ~ '__decoded_domain', 'proposed': f},
            {'name': 'two_addresses', 'when': f ~ '__second_written is not null'},
        ],
        'derived': {
            'local': "split_part(" ~ f ~ ", '@', 1)",
            'domain': "split_part(" ~ f ~ ", '@', 2)",
        },
        'survivorship': 'current',
        'variant': "(split_part({0}, '@', 2) = split_part({1}, '@', 2)\nand " ~ dbt_dedup._mistyped() ~ ')',
        'described': {
            'second': 'The second address of a text with two, in lower case.',
            'local': 'The part before the @.',
            'domain': 'The part after the @.',
        },
    }) -}}
{% endmacro %}
