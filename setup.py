"Everything that describes the package is in settings.ini; this file only reads it."
from configparser import ConfigParser
from pathlib import Path
from shlex import split
from setuptools import setup

parser = ConfigParser(delimiters=['='])
parser.read('settings.ini', encoding='utf-8')
cfg = parser['DEFAULT']
extras = {k.removesuffix('_requirements'): split(v) for k, v in cfg.items() if k.endswith('_requirements')}
extras['all'] = sorted({r for k, v in extras.items() if k not in ('dev', 'bench') for r in v})   # bench is for peers

setup(
    name=cfg['lib_name'], version=cfg['version'], description=cfg['description'], keywords=cfg['keywords'],
    author=cfg['author'], author_email=cfg['author_email'], url=cfg['git_url'], license='Apache-2.0',
    long_description=Path('README.md').read_text(encoding='utf-8'), long_description_content_type='text/markdown',
    packages=['lipnb', 'lipnb.data'], package_dir={'lipnb': 'lipnb', 'lipnb.data': 'data'},
    package_data={'lipnb.data': ['**/*']}, include_package_data=False, zip_safe=False,
    python_requires=f">={cfg['min_python']}", install_requires=split(cfg['requirements']), extras_require=extras,
    entry_points={'console_scripts': split(cfg['console_scripts']), 'nbdev': [f"{cfg['lib_name']}={cfg['lib_path']}._modidx:d"]},
    classifiers=['Intended Audience :: Science/Research', 'Programming Language :: Python :: 3'],
)
