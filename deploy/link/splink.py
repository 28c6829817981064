#!/usr/bin/env python3
"""The peer of `hengjian bench link`: Splink 5 on DuckDB with hand-tuned levels.
usage: splink.py DIR, with records.csv and truth.csv. Prints one line of JSON.
The features are those a careful user of Splink would prepare; its threshold is
the best one on the truth, which ours never sees."""
import csv, json, re, resource, sys, time, unicodedata

import duckdb
import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from opencc import OpenCC
from pypinyin import lazy_pinyin
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI

FOLDER = sys.argv[1]
WEIGHTS, CHECK = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], "10X98765432"
SURNAMES = {"肖": "萧", "付": "傅", "闫": "阎", "丘": "邱", "代": "戴", "佘": "余", "於": "于"}
simple, sound, convert = {}, {}, OpenCC("t2s")


def cached(store, make, key):
    if key not in store:
        store[key] = make(key)
    return store[key]


def name_of(text):
    text = re.sub(r"[\s·•‧・.．]", "", unicodedata.normalize("NFKC", text))
    text = "".join(cached(simple, convert.convert, c) for c in text)
    return SURNAMES.get(text[:1], text[:1]) + text[1:]


def number_of(text):
    text = unicodedata.normalize("NFKC", text).upper().replace("*", "X").strip()
    if len(text) == 15 and text.isdigit():
        text = text[:6] + "19" + text[6:]
        text += CHECK[sum(int(a) * w for a, w in zip(text, WEIGHTS)) % 11]
    return text


def features():
    columns = {k: [] for k in "unique_id name_n sur py id18 birth by sex reg6 reg4 phone".split()}
    for r in csv.DictReader(open(FOLDER + "/records.csv", encoding="utf-8")):
        name, number = name_of(r["name"]), number_of(r["id_no"]) if r["doc_type"] == "111" else ""
        birth, region = r["birth"], r["region"]
        values = [int(r["rec_id"]), name, name[:1], " ".join(cached(sound, lambda c: lazy_pinyin(c)[0], c) for c in name), number,
                  birth if len(birth) == 10 else "", birth[:4], r["sex"], region, region[:4], r["phone"]]
        for k, v in zip(columns, values):
            columns[k].append(v if v != "" else None)
    return pa.table(columns)


level = lambda sql, label: cll.CustomLevel(sql, label)
name = cl.CustomComparison(output_column_name="name", comparison_levels=[
    cll.NullLevel("name_n"), cll.ExactMatchLevel("name_n").configure(tf_adjustment_column="name_n"),
    cll.ExactMatchLevel("py").configure(tf_adjustment_column="py"),
    level('levenshtein("name_n_l","name_n_r")<=1 and length("name_n_l")>=3', "one edit"),
    level('jaro_winkler_similarity("py_l","py_r")>=0.92', "near sound"), level('"sur_l"="sur_r"', "surname"), cll.ElseLevel()])
number = cl.CustomComparison(output_column_name="id", comparison_levels=[
    cll.NullLevel("id18"), cll.ExactMatchLevel("id18"), level('damerau_levenshtein("id18_l","id18_r")<=1', "one edit"),
    level('substr("id18_l",1,14)=substr("id18_r",1,14)', "region and birth"), level('damerau_levenshtein("id18_l","id18_r")<=2', "two edits"),
    level('substr("id18_l",7,8)=substr("id18_r",7,8)', "birth"), cll.ElseLevel()])
birth = cl.CustomComparison(output_column_name="dob", comparison_levels=[
    level('"by_l" is null or "by_r" is null', "null").configure(is_null_level=True), cll.ExactMatchLevel("birth"),
    level('damerau_levenshtein("birth_l","birth_r")<=1 or (substr("birth_l",1,4)=substr("birth_r",1,4) and substr("birth_l",6,2)=substr("birth_r",9,2) and substr("birth_l",9,2)=substr("birth_r",6,2))', "one edit or swap"),
    level('"by_l"="by_r"', "year"), level('abs(cast("by_l" as int)-cast("by_r" as int))<=1', "next year"), cll.ElseLevel()])
region = cl.CustomComparison(output_column_name="reg", comparison_levels=[
    cll.NullLevel("reg6"), cll.ExactMatchLevel("reg6").configure(tf_adjustment_column="reg6"), cll.ExactMatchLevel("reg4"),
    level('substr("reg6_l",1,2)=substr("reg6_r",1,2)', "province"), cll.ElseLevel()])
blocking = [block_on("id18"), block_on("name_n", "reg4"), block_on("py", "by"), block_on("birth", "sur"), block_on("substr(id18,7,11)"),
            block_on("substr(id18,1,6)", "substr(id18,15,4)"), block_on("phone")]

feat = features()
con = duckdb.connect()
con.execute("set threads=2; set memory_limit='12GB'")
con.execute("create table feat as select * from feat")
del feat
began, spent = time.time(), time.process_time()
settings = SettingsCreator(link_type="dedupe_only", comparisons=[name, number, birth, cl.ExactMatch("sex"), region, cl.ExactMatch("phone")],
                           blocking_rules_to_generate_predictions=blocking, retain_intermediate_calculation_columns=False, retain_matching_columns=False)
linker = Linker(DuckDBAPI(connection=con).register(con.table("feat")), settings)
linker.training.estimate_probability_two_random_records_match([block_on("id18"), block_on("name_n", "birth", "reg6")], recall=.85)
linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("name_n", "birth"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("id18"))
predicted = linker.inference.predict(threshold_match_weight=-4)
best, took, processor, clustering = None, time.time() - began, time.process_time() - spent, []
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
con.execute(f"create table truth as select rec_id as unique_id, person_id from read_csv('{FOLDER}/truth.csv')")
true_pairs = con.execute("select sum(c*(c-1)/2) from (select count(*) c from truth group by person_id)").fetchall()[0][0]
for weight in (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24):
    began = time.time()
    groups = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_weight=weight)
    clustering.append(time.time() - began)
    con.execute(f"create or replace table grouped as select cluster_id, unique_id from {groups.physical_name}")
    found = con.execute("select sum(c*(c-1)/2) from (select count(*) c from grouped group by cluster_id)").fetchall()[0][0]
    hit = con.execute("select sum(c*(c-1)/2) from (select count(*) c from grouped join truth using(unique_id) group by cluster_id, person_id)").fetchall()[0][0]
    f1 = 2 * hit / (found + true_pairs)
    if best is None or f1 > best["F1"]:
        best = {"Precision": hit / found, "Recall": hit / true_pairs, "F1": f1, "Threshold": weight}
best["Seconds"], best["Processor"], best["GB"] = took + min(clustering), processor, peak
print(json.dumps(best))
