"README.md from nbs/index.ipynb: prose, code without directives, stored outputs; pictures go to nbs/images"
import base64, json, re, sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
FIGURES = 'nbs/images'
PICTURES = {'image/png': 'png', 'image/jpeg': 'jpg'}
OBJECT = re.compile(r'<IPython|object at 0x')      # what a notebook says where it cannot show a thing

def text(x): return ''.join(x) if isinstance(x, list) else x

def shown(output, name):
    "One stored output as markdown, and the picture it needs"
    data = output.get('data', {})
    for kind, end in PICTURES.items():
        path = f'{FIGURES}/{name}.{end}'
        if kind in data: return f'![]({path})', (path, base64.b64decode(text(data[kind])))
    if 'text/markdown' in data: return text(data['text/markdown']), None
    plain = text(output.get('text', data.get('text/plain', ''))).rstrip()
    return ('\n'.join('    ' + l for l in plain.splitlines()) if plain else ''), None

def joined(outputs):
    "Outputs with the pieces of one printed text put together"
    out = []
    for o in outputs:
        if out and 'text' in o and 'text' in out[-1]: out[-1] = dict(o, text=text(out[-1]['text']) + text(o['text']))
        else: out.append(o)
    return out

def render(path=root/'nbs/index.ipynb'):
    "README text, and its pictures as {path: bytes}"
    parts, pictures = ['<!-- made from nbs/index.ipynb by `make readme`: edit the notebook -->'], {}
    for i, cell in enumerate(json.loads(path.read_text(encoding='utf-8'))['cells']):
        src = text(cell['source'])
        if cell['cell_type'] == 'markdown': parts.append(src.replace('](images/', f']({FIGURES}/').replace('"images/', f'"{FIGURES}/')); continue
        marks = re.findall(r'^#\|\s*(.+?)\s*$', src, re.M)
        if 'hide' in marks: continue
        code = re.sub(r'^#\|.*\n?', '', src, flags=re.M).strip()
        if code and 'echo: false' not in marks: parts.append(f'```python\n{code}\n```')
        for k, output in enumerate(joined(cell.get('outputs', []))):
            block, picture = shown(output, f'index-{i}-{k}')
            if block: parts.append(block)
            if picture: pictures[picture[0]] = picture[1]
    return '\n\n'.join(parts) + '\n', pictures

def old_pictures(): return [p.relative_to(root).as_posix() for p in (root/FIGURES).glob('index-*.*')]

def objects(readme):
    "Lines that name an object where something should be shown"
    return [f"README.md line {n} shows no picture: '{l.strip()}'" for n, l in enumerate(readme.splitlines(), 1) if OBJECT.search(l)]

def stale():
    "What is wrong with the README, in words"
    readme, pictures = render()
    there = root/'README.md'
    found = [] if there.is_file() and there.read_text(encoding='utf-8') == readme else ['README.md']
    found += [p for p, b in pictures.items() if not (root/p).is_file() or (root/p).read_bytes() != b]
    found += sorted(set(old_pictures()) - set(pictures))
    return [f'{f} differs from nbs/index.ipynb: run make readme' for f in found] + objects(readme)

if __name__ == '__main__':
    readme, pictures = render()
    for old in old_pictures(): (root/old).unlink()
    for p, b in pictures.items(): (root/p).parent.mkdir(parents=True, exist_ok=True); (root/p).write_bytes(b)
    (root/'README.md').write_text(readme, encoding='utf-8')
    print(f'README.md and {len(pictures)} pictures written')
