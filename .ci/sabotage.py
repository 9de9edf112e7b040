"Break the library in ways that matter, one edit at a time, and see that the notebook which owns it turns red: `make sabotage`"
import json, os, re, shutil, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import yaml

root = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root/'.ci'))

def breakages():
    "What is broken, how, and which notebook must notice: from sabotage/*.yaml"
    return [b for p in sorted((root/'.ci/sabotage').glob('*.yaml')) for b in yaml.safe_load(p.read_text(encoding='utf-8'))]

def place(b):
    "A notebook, and the one exported cell of it that holds what is to be changed"
    nb = json.loads((root/f"nbs/{b['edit']}.ipynb").read_text(encoding='utf-8'))
    cells = [c for c in nb['cells'] if re.search(r'^#\|\s*export', text := ''.join(c['source']), re.M) and b['old'] in text]
    count = sum(''.join(c['source']).count(b['old']) for c in cells)
    if count != 1: raise ValueError(f"{b['edit']}: {b['name']}: its text stands in exported cells {count} times, not once")
    return nb, cells[0]

def stale():
    "Breakages whose text is not in their notebook any more"
    found = []
    for b in breakages():
        try: place(b)
        except ValueError as e: found.append(str(e))
    return found

def broken(b, to):
    "A copy of the project with one exported cell changed"
    for name in ('nbs', 'lipnb', 'data', '.ci'): shutil.copytree(root/name, to/name)
    for name in ('settings.ini', 'setup.py', 'README.md'): shutil.copy(root/name, to)
    nb, cell = place(b)
    cell['source'] = ''.join(cell['source']).replace(b['old'], b['new'])
    path = to/f"nbs/{b['edit']}.ipynb"
    path.write_text(json.dumps(nb), encoding='utf-8')
    p = subprocess.run(['nbdev_export'], cwd=to, capture_output=True, text=True)
    if p.returncode: raise ValueError(f"{b['name']}: {p.stderr}")

def attempt(b):
    "Whether its notebook turned red, by what, and after how long"
    with tempfile.TemporaryDirectory() as tmp:
        to = Path(tmp)/'lipnb'; to.mkdir(); broken(b, to)
        import test
        failed, said, took = test.process(['nbdev_test', '--path', str(to/f"nbs/{b['red']}.ipynb"), '--n_workers', '0'], to, PYTHONPATH=str(to))
    cell = (re.findall(r'While Executing Cell #(\d+)', said) or ['?'])[0]
    why = (re.findall(r'^(\w*(?:Error|Exception|Exit|Interrupt|Warning)\b.*)$', said, re.M) or [''])[-1]
    return failed, cell, why[:90], took

def main():
    only = re.compile(sys.argv[1] if len(sys.argv) > 1 else '')
    todo, survived = [b for b in breakages() if only.search(f"{b['edit']} {b['name']}")], 0
    with ThreadPoolExecutor(2) as pool:
        for b, (caught, cell, why, took) in zip(todo, pool.map(attempt, todo)):
            odd = caught and why.split(':')[0] != 'AssertionError'          # red, but for another reason than a test
            survived += not caught or odd
            told = f'cell {cell}: {why}' if caught else 'nothing turned red'
            print(f"{'not by a test' if odd else 'caught' if caught else 'SURVIVED':<9} {b['red']:<12} {took:>4.0f} s  {b['name']}  ({told})", flush=True)
    print(f'{len(todo) - survived} caught, {survived} survived')
    sys.exit(survived > 0)

if __name__ == '__main__': main()
