INSERT INTO warehouse_birth VALUES ('simulated', '2025-01-01 00:00:00', 1);
INSERT INTO organ (key, revision, version, organ_id, code, code_system, name, system, level, kind, region, admin_order, valid_from, led_by, supervised_by) VALUES
('n1', 1, 1, 'n1', '100000', 'procuratorate', '最高人民检察院', 'procuratorate', 'national', 'regular', '100000', 1, '2000-01-01', NULL, NULL),
('p1', 1, 1, 'p1', '110000', 'procuratorate', '甲省人民检察院', 'procuratorate', 'provincial', 'regular', '110000', 2, '2000-01-01', '100000', NULL),
('c1', 1, 1, 'c1', '110100', 'procuratorate', '甲省一分院', 'procuratorate', 'prefectural', 'regular', '110100', 3, '2000-01-01', '110000', NULL),
('p2', 1, 1, 'p2', '130000', 'procuratorate', '乙省人民检察院', 'procuratorate', 'provincial', 'regular', '130000', 4, '2000-01-01', '100000', NULL),
('g1', 1, 1, 'g1', 'A110000', 'police', '甲省公安厅', 'police', 'provincial', 'regular', '110000', 5, '2000-01-01', NULL, '110000'),
('g2', 1, 1, 'g2', 'A130000', 'police', '乙省公安厅', 'police', 'provincial', 'regular', '130000', 6, '2000-01-01', NULL, '130000');
INSERT INTO run VALUES ('r0', 1, '2025-06-30', 'd', 'test', '2025-07-01 00:00:00', 'old'), ('r1', 2, '2025-06-30', 'd', 'test', '2025-07-01 01:00:00', 'test');
INSERT INTO run_input VALUES ('r1', 'kafka:c/hj.case/1/0', 89), ('r1', 'kafka:c/hj.case/1/1', 3);
INSERT INTO run_step VALUES ('r1', 'clock', 'started', 0, 0, [], {}, '', '2025-07-01 01:00:01'), ('r1', 'clock', 'done', 3, 3, ['一句话'], {'judged': 3}, '', '2025-07-01 01:00:02');
INSERT INTO run_commit VALUES ('clock', 'r0', 1, '2025-06-30', '2025-07-01 00:10:00'), ('link', 'r1', 2, '2025-06-30', '2025-07-01 01:10:00'), ('clock', 'r1', 2, '2025-06-30', '2025-07-01 01:10:01'), ('indicator', 'r1', 2, '2025-06-30', '2025-07-01 01:10:02'), ('compare', 'r1', 2, '2025-06-30', '2025-07-01 01:10:03');
INSERT INTO verdict (run_id, generation, finding_id, rule, rule_version, chain, chain_person, docket, person_entry, record_key, organ_id, responsible_organ_id, compartment, outcome, state, triggered_on, due_on, stopped_on, period_on, over_units, unit, missing, provisional, explanation_zh, explanation_en, steps) VALUES
('r0', 1, 'aa00000000000009', 'R060', '2018', '', '', '', '', 'x', 'p1', '', 'general', 'in_time', 'stopped', NULL, NULL, NULL, '2025-05-01', 0, 'day', '', 0, '', '', ''),
('r1', 2, 'aa00000000000001', 'R060', '2018', 'c-00000000000000a1', 'c-00000000000000a1/1', 'p1|prosecution_review|杭检\\|1', 'p1|prosecution_review|1|1', 'k1', 'p1', 'g1', 'general', 'out_of_time', 'stopped', '2025-04-01', '2025-05-01', '2025-05-10', '2025-05-01', 9, 'day', '', 0, '说明', 'explanation', '[{"phase":"review_1","zh":"审查起诉","en":"review","from":"2025-04-01","due":"2025-05-01","stopped":"","limit":"1 month","outcome":"out_of_time","basis":"刑事诉讼法 第一百七十二条","records":["k1"]}]'),
('r1', 2, 'aa00000000000002', 'R110', '2019', 'c-00000000000000a2', '', 'p2|supervision|1', '', 'k2', 'p2', 'g2', 'general', 'cannot_judge', 'running', NULL, NULL, NULL, '2025-06-01', 0, 'day', 'served_on', 1, '说明', 'explanation', ''),
('r1', 2, 'aa00000000000003', 'R060', '2018', '', '', 'p1|prosecution_review|3', '', 'k3', 'p1', '', 'juvenile', 'in_time', 'running', '2025-04-01', '2025-05-01', NULL, '2025-05-01', 0, 'day', '', 0, '说明', 'explanation', ''),
('r1', 2, 'aa00000000000004', 'R060', '2018', '', '', 'p1|prosecution_review|4', '', 'k4', 'p1', '', 'secret', 'in_time', 'running', '2025-04-01', '2025-05-01', NULL, '2025-05-01', 0, 'day', '', 0, '说明', 'explanation', '');
INSERT INTO finding_event (finding_id, event, person, note, at, sequence, status, rule, outcome, organ_id, compartment) VALUES ('aa00000000000001', 'noted', 'leader', '已转办', '2025-07-01 09:00:00', 1, 'new', 'R060', 'out_of_time', 'p1', 'general');
INSERT INTO link_docket (run_id, generation, docket, chain, organ_id, docket_kind, docket_number, linked_by, link_state) VALUES
('r1', 2, 'p1|prosecution_review|1', 'c-00000000000000a1', 'p1', 'prosecution_review', '1', 'number', 'linked'), ('r1', 2, 'g1|police_investigation|7', 'c-00000000000000a1', 'g1', 'police_investigation', '7', '', 'root'), ('r1', 2, 'p1|prosecution_review|sealed', 'c-00000000000000a1', 'p1', 'prosecution_review', 'sealed', '', 'linked'), ('r1', 2, 'p2|supervision|1', 'c-00000000000000a2', 'p2', 'supervision', '1', '', 'root');
INSERT INTO case_event (run_id, generation, chain, chain_person, docket, person_entry, organ_id, compartment, event, ordinal, at, precision, tie, attributes, record_type, record_key, revision) VALUES
('r1', 2, 'c-00000000000000a1', '', 'g1|police_investigation|7', '', 'g1', 'general', 'docket.opened', 0, '2025-03-01 00:00:00', 'day', 0, {'docket_kind': 'police_investigation'}, 'case', 'g1|police_investigation|7', 1),
('r1', 2, 'c-00000000000000a1', 'c-00000000000000a1/1', 'p1|prosecution_review|1', 'p1|prosecution_review|1|1', 'p1', 'general', 'prosecution_review.accepted', 0, '2025-04-01 00:00:00', 'day', 0, {'in_custody': 'true'}, 'prosecution_decision', 'k1', 1),
('r1', 2, 'c-00000000000000a1', '', 'p1|prosecution_review|1', '', 'p1', 'juvenile', 'prosecution_review.decided', 0, '2025-05-10 00:00:00', 'day', 0, {'decision': 'prosecuted'}, 'prosecution_decision', 'k1', 1),
('r1', 2, 'c-00000000000000a1', '', 'p1|prosecution_review|sealed', '', 'p1', 'juvenile_sealed', 'docket.opened', 0, '2025-05-11 00:00:00', 'day', 0, {}, 'case', 'sealed', 1),
('r1', 2, 'c-00000000000000a2', '', 'p2|supervision|1', '', 'p2', 'general', 'recommendation.issued', 0, '2025-05-01 00:00:00', 'day', 0, {}, 'supervision_document', 'k2', 1);
INSERT INTO indicator_value (run_id, generation, vintage, indicator, period_kind, period, period_from, period_to, organ_id, coverage, dim, num, den, n, undetermined, status, printed) VALUES
('r1', 2, 'live', 'AR02b', 'month', '2025-05', '2025-05-01', '2025-05-31', 'p1', 'own', '', 1, 4, 4, 0, 'value', ''),
('r1', 2, 'live', 'AR02b', 'month', '2025-06', '2025-06-01', '2025-06-30', 'p1', 'own', '', 2, 4, 4, 1, 'value', ''),
('r1', 2, 'live', 'AR02b', 'month', '2024-06', '2024-06-01', '2024-06-30', 'p1', 'closure', '', 1, 5, 5, 0, 'value', ''),
('r1', 2, 'live', 'AR02b', 'month', '2025-06', '2025-06-01', '2025-06-30', 'p1', 'closure', '', 3, 6, 6, 1, 'value', ''),
('r1', 2, 'live', 'AR02b', 'month', '2025-05', '2025-05-01', '2025-05-31', 'p2', 'own', '', 0, 4, 4, 0, 'value', ''),
('r1', 2, 'live', 'AR02b', 'month', '2025-06', '2025-06-01', '2025-06-30', 'p2', 'own', '', 1, 2, 2, 0, 'value', ''),
('r1', 2, 'live', 'AR01a', 'month', '2025-06', '2025-06-01', '2025-06-30', 'p1', 'closure', '', 6, NULL, 6, 0, 'value', '');
INSERT INTO comparison (run_id, generation, indicator, period_kind, period, peer_group, organ_id, coverage, num, den, centre, lower, upper, z, position, note) VALUES
('r1', 2, 'AR02b', 'quarter', '2025Q2', 'provincial', 'p1', 'closure', 30, 60, 0.3, 0.2, 0.4, 2.5, 'above_95', ''), ('r1', 2, 'AR02b', 'quarter', '2025Q2', 'provincial', 'p2', 'closure', 1, 2, 0.3, NULL, NULL, NULL, '', 'small_number'), ('r1', 2, 'AR02b', 'quarter', '2025Q3', 'provincial', 'p1', 'closure', 1, 60, 0.3, 0.2, 0.4, -3.5, 'below_998', '');
INSERT INTO log_case (stream, offset, landed, status, reason, field, masked, sender, message_id, key) VALUES
('kafka:c/hj.case/1/0', 1, '2025-07-01 00:00:00', 'accepted', '', '', '', 'A110000', 'm1', 'k'), ('kafka:c/hj.case/1/0', 2, '2025-07-01 00:00:00', 'refused', 'not_a_date', 'opened_on', '20**', 'A110000', 'm2', ''), ('kafka:c/hj.case/1/0', 3, '2025-07-01 00:00:00', 'refused', 'not_a_date', 'opened_on', '20**', 'A130000', 'm3', '');
INSERT INTO record_fate (record_type, stream, offset, key, revision, fate, sender, derived) VALUES ('case', 'kafka:c/hj.case/1/0', 1, 'k', 1, 'applied', 'A110000', '2025-07-01 00:00:01');
INSERT INTO run_input VALUES ('r1', 'file:0123456789abcdef/a', 9);
INSERT INTO official_figure_history (key, revision, ruling, fate, stream, offset, edition, measure, period, zh, printed, low, high, unit, confirmed, source) VALUES
('1', 1, 0, 'applied', 'file:0123456789abcdef/a', 1, '2022', 'arrests_approved_and_decided', '2022', '批准和决定逮捕', '49.4万', '493500', '494500', 'person', true, '测试'), ('2', 1, 0, 'applied', 'file:0123456789abcdef/a', 2, '2022', 'arrests_refused', '2022', '不捕', '37.1万', '370500', '371500', 'person', true, '测试'), ('3', 1, 0, 'applied', 'file:0123456789abcdef/a', 3, '2022', 'arrest_refusal_rate', '2022', '不捕率', '43.4%', '43.35', '43.45', 'percent', true, '测试');
INSERT INTO course (run_id, generation, indicator, organ_id, coverage, periods, adjusted, centre, lower, upper, seasonal) VALUES ('r1', 2, 'AR02b', 'p1', 'closure', ['2025-01','2025-02'], [0.3, 0.5], 0.31, 0.2, 0.4, false);
INSERT INTO course_signal (run_id, generation, indicator, organ_id, kind, period, since, up, level_before, level_after) VALUES ('r1', 2, 'AR02b', 'p1', 'outside', '2025-02', '2025-02', true, 0.31, 0.5);
INSERT INTO run_commit VALUES ('pattern', 'r1', 2, '2025-06-30', '2025-07-01 01:10:05');
INSERT INTO reporting_pattern (run_id, generation, pattern, quarter, organ_id, observed, of, share, z, q, notable, note) VALUES ('r1', 2, 'RP01', '2025-04-01', 'p1', 30, 40, 0.1, 9, 0.0001, true, ''), ('r1', 2, 'RP01', '2025-04-01', 'p2', 30, 40, 0.1, 9, 0.0001, true, ''), ('r1', 2, 'RP02', '2025-04-01', 'p1', 3, 40, 0.1, 0, 1, false, '');
INSERT INTO verification VALUES ('v1', '2025-07-01 02:00:00', '2025-07-01 02:00:05', 26, 2, 92, 3, '');
INSERT INTO verification_fault VALUES ('v1', 'gap', 'case', 'kafka:c/hj.case/1/0', 7, '', 'offsets 7 to 9 are missing', 3);
INSERT INTO quality_check VALUES ('q0', '2025-06-01 03:00:00', 'case', 'stable_rows', '', '', '1970-01-01', 0, 9, 0, 0, 9, 'ok', '', ''), ('q1', '2025-07-01 03:00:00', 'case', 'non_null', 'charge', '', '1970-01-01', 2, 9, 0, 0, 9, 'breached', '', ''),
('q1', '2025-07-01 03:00:00', 'case', 'non_null', 'charge', 'A110000', '2025-06-01', 30, 40, 0.75, 0.05, 1, 'breached', '', ''), ('q1', '2025-07-01 03:00:00', 'case', 'non_null', 'charge', 'A130000', '2025-06-01', 31, 40, 0.75, 0.05, 1, 'exempt', '系统切换', 'The system was replaced');
INSERT INTO sequence_gap VALUES ('q1', '2025-07-01 03:00:00', 'case', 'A110000', 6, 8), ('q1', '2025-07-01 03:00:00', 'case', 'A130000', 2, 2);
INSERT INTO receipt_position (record_type, stream, next) VALUES ('case', 'kafka:c/hj.case/1/0', 2);
