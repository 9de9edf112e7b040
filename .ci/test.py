"Every check of the project: clean notebooks, modules in sync, README in sync, and the tests in the notebooks, with a count"
import json, os, re, shutil, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

root = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root/'.ci'))
import readme, sabotage

LIMIT = int(os.environ.get('LIPNB_LIMIT', 400))   # seconds a notebook may take before it counts as hung; the aim is 60
TEST = re.compile(r'\b(?:test_\w+|expect_fail)\s*\(|^\s*assert\b', re.M)
SKIP = re.compile(r'^#\|\s*(?:slow|cuda|eval:\s*false)\s*$', re.M)
NUMERIC = re.compile(r'^#\|\s*numeric\s*$', re.M)    # cells that are also run as on other processors
CPUS = dict(avx2=dict(ATEN_CPU_CAPABILITY='avx2', ONEDNN_MAX_CPU_ISA='AVX2'), default=dict(ATEN_CPU_CAPABILITY='default'))

LOCAL = re.compile(r'/tmp/|/home/|/root/|site-packages|application/vnd.jupyter.widget')

def notebooks(): return sorted(p for p in (root/'nbs').rglob('*.ipynb') if not any(s[0] in '._' for s in p.relative_to(root/'nbs').parts))

def clean():
    "Notebooks as nbdev_clean would leave them, nothing of one machine in their outputs"
    from execnb.nbio import nb2str, read_nb
    from nbdev.clean import clean_nb
    bad = []
    for p in notebooks():
        nb = read_nb(p)
        clean_nb(nb)
        if nb2str(nb) != p.read_text(encoding='utf-8'): bad.append(f'{p.relative_to(root)} is not clean: run nbdev_clean')
        for o in (o for c in nb.cells for o in c.get('outputs', [])):
            if found := LOCAL.search(json.dumps(o)): bad.append(f"{p.relative_to(root)}: an output says '{found[0]}', which is of one machine")
    return bad

def synced():
    "Every module is what its notebook exports, none is missing, none is left over"
    with tempfile.TemporaryDirectory() as tmp:
        tmp = Path(tmp)/'lipnb'
        tmp.mkdir(); shutil.copytree(root/'nbs', tmp/'nbs'); shutil.copy(root/'settings.ini', tmp)
        (tmp/'lipnb').mkdir()
        p = subprocess.run(['nbdev_export'], cwd=tmp, capture_output=True, text=True)
        if p.returncode: return [p.stderr.strip()]
        made, here = ({f.relative_to(d).as_posix(): f.read_text(encoding='utf-8') for f in (d/'lipnb').rglob('*.py')} for d in (tmp, root))
    say = lambda k: 'has no notebook' if k not in made else 'was never exported' if k not in here else 'differs from its notebook'
    return [f'{k} {say(k)}: run nbdev_export' for k in sorted(set(made) | set(here)) if made.get(k) != here.get(k)]

def defined():
    "Modules use no name they lack: a notebook's own imports would hide it"
    p = subprocess.run(['ruff', 'check', '--no-cache', '--output-format', 'concise', '--select', 'E9,F63,F7,F82,F401,F841', 'lipnb'],
                       cwd=root, capture_output=True, text=True)
    return p.stdout.strip().splitlines()[:-1] if p.returncode else []

def in_readme():
    "README.md equals nbs/index.ipynb, and shows what it says"
    return readme.stale()

def breakable():
    "Every breakage of `make sabotage` still finds its line"
    return sabotage.stale()

def code_of(path): return [''.join(c['source']) for c in json.loads(path.read_text(encoding='utf-8'))['cells'] if c['cell_type'] == 'code']

def tests_in(cells):
    "How many cells hold a test that is run here"
    return sum(bool(TEST.search(c)) and not SKIP.search(c) for c in cells)

def process(command, cwd=root, **more):
    "What a command said, whether it failed, how long it took"
    env = os.environ | dict(OMP_NUM_THREADS='1', CUDA_VISIBLE_DEVICES='', MPLBACKEND='agg', TF_CPP_MIN_LOG_LEVEL='3', GLOG_minloglevel='2') | more
    start = time.perf_counter()
    try: p = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired: return True, f'still running after {LIMIT} s', LIMIT
    return p.returncode != 0, p.stdout + p.stderr, time.perf_counter() - start

def run(path):
    "One notebook through nbdev_test: how it went, how long it took"
    failed, said, took = process(['nbdev_test', '--path', str(path), '--n_workers', '0'], Path(path).parent.parent)
    return failed or 'Success.' not in said, said, took

def run_numeric(path, cpu):
    "The numeric cells of a notebook on a processor with fewer instructions"
    cells = code_of(path)
    module = re.search(r'^#\| default_exp (\w+)', '\n'.join(cells), re.M)[1]
    private = next(c for c in cells if re.search(r'^#\|\s*hide\s*$', c, re.M))
    script = f"import importlib; globals().update({{k: v for k, v in vars(importlib.import_module('lipnb.{module}')).items() if k[:2] != '__'}})"
    return process([sys.executable, '-c', '\n\n'.join([script, private, *filter(NUMERIC.search, cells)])], path.parent, PYTHONPATH=str(root), **CPUS[cpu])

def main():
    passed = failed = 0
    for name, check in dict(clean=clean, synced=synced, defined=defined, readme=in_readme, breakable=breakable).items():
        bad = check()
        passed += not bad; failed += len(bad)
        print(f"{'FAIL' if bad else 'ok  '} {check.__doc__}", *(f'\n     {b}' for b in bad), flush=True)
    print(f'     {len(notebooks())} notebooks, two at a time; then numeric cells as on other processors', flush=True)
    with ThreadPoolExecutor(2) as pool:
        jobs = [(p.name, tests_in(code_of(p)), pool.submit(run, p)) for p in notebooks()]
        for p in notebooks():
            n = tests_in(filter(NUMERIC.search, code_of(p)))
            if not n: continue
            jobs += [(f'{p.stem} {cpu}', n, pool.submit(run_numeric, p, cpu)) for cpu in CPUS]
        for name, n, job in jobs:
            bad, said, took = job.result()
            bad = bad or not n
            passed += 0 if bad else n; failed += bad
            print(f"{'FAIL' if bad else 'ok  '} {name:<24} {n:>3} tests {took:>5.0f} s", flush=True)
            if bad: print(said or 'no tests in it')
    print(f'{passed} passed, {failed} failed')
    sys.exit(failed > 0)

if __name__ == '__main__': main()
