{#
    Web addresses as host and path: scheme, user, port, `www.`, parameters and fragment are left out, letters are folded. Of a
    text with several addresses the first counts; an e-mail address is none. Keys: the host, the path, the registrable domain
    (reference list dedup_public_suffixes) unless anybody can have a page there (dedup_shared_hosts), and its first label.
#}
{% macro prepare_url(field) %}
    {%- set f = field.name -%}
    {%- set scheme_and_user = '\\b(h+t+p+s?|ttps?|ftps?)(:[/\\\\]*|[;.]?[/\\\\]+)([^\\s/?#@]*@)?' -%}
    {%- set mail_address = '[^\\s/,;:<>()?#]+@[^\\s/,;<>()]+' -%}
    {%- set label = '[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_-]*' -%}
    {%- set host_pattern = '((' ~ label ~ '[.])+(xn--[a-z0-9-]+|\\p{L}[\\p{L}\\p{M}]+)|[0-9]{1,3}([.][0-9]{1,3}){3})' -%}
    {%- set path_pattern = '[.]?(:[0-9]*)?(/[^\\s<>()\\[\\]{}|,;?#\\x22\\x27]*)?' -%}
    {%- set two_labels = '[^.]+[.][^.]+$' -%}
    {{- return({
        'lookups': {
            'public_suffixes': {'seed': 'dedup_public_suffixes', 'key': 'suffix', 'entry': 'suffix'},
            'shared_hosts': {'seed': 'dedup_shared_hosts', 'key': 'domain', 'entry': 'kind'},
        },
        'steps': [
            {'folded': dbt_dedup.fold_text(f ~ '__original')},
            {'without_scheme': dbt_dedup.replace_patterns(f ~ '__folded', [[scheme_and_user, ' '], [mail_address, ' ']])},
            {'site': dbt_dedup.extract_pattern(f ~ '__without_scheme', host_pattern ~ path_pattern)},
            {
                'written_host': dbt_dedup.replace_patterns(dbt_dedup.extract_pattern(f ~ '__site', '^[^/:]+'), [
                    ['[.]+$', ''], ['^(w{3,4}[0-9]?[.])+', '']
                ]),
                'written_path': dbt_dedup.replace_patterns(dbt_dedup.extract_pattern(f ~ '__site', '/.*$'), [
                    ['/+', '/'], ['/(index|default|home)[.](html?|php|aspx?|jsp)$', ''], ['[/.]+$', '']
                ]),
            },
        ] + dbt_dedup.punycode_steps(f, 'written_host', 'read_host'),
        'value': dbt_dedup.case_lines([
            "when " ~ f ~ "__read_host like '%_._%' and length(" ~ f ~ "__read_host) <= 253"
                ~ "\n    then " ~ f ~ "__read_host || coalesce(" ~ f ~ "__written_path, '')"
        ]),
        'problems': [{'name': 'not_a_url', 'when': f ~ ' is null'}],
        'derived': [
            {
                'host': dbt_dedup.extract_pattern(f, '^[^/]+'),
                'path': dbt_dedup.extract_pattern(f, '/(.*)$', 1),
            },
            {'suffix': dbt_dedup.lookup('public_suffixes.entries', dbt_dedup.extract_pattern(f ~ '__host', two_labels))},
            {'registered': dbt_dedup.case_lines([
                'when ' ~ dbt_dedup.matches_pattern(f ~ '__host', '^[0-9.]+$') ~ ' then null',
                'when ' ~ f ~ '__suffix is null then ' ~ dbt_dedup.extract_pattern(f ~ '__host', two_labels),
            ], dbt_dedup.extract_pattern(f ~ '__host', '[^.]+[.]' ~ two_labels))},
            {'domain': dbt_dedup.case_lines([
                'when ' ~ dbt_dedup.lookup('shared_hosts.entries', f ~ '__registered') ~ ' is null then ' ~ f ~ '__registered'
            ])},
            {'name': dbt_dedup.extract_pattern(f ~ '__domain', '^[^.]+')},
        ],
        'survivorship': 'most_recent',
        'described': {
            'host': 'The host without `www.`.',
            'path': 'The path without slashes around it; null for the start page.',
            'suffix': 'The last two labels of the host where firms register names below them, such as `co.uk`.',
            'registered': 'The registrable domain: the label below the public suffix, and the suffix.',
            'domain': 'The registrable domain; null for an IP address and where anybody can have a page, such as facebook.com.',
            'name': 'The first label of the domain: `acme` of `acme.co.uk`.',
        },
    }) -}}
{% endmacro %}
