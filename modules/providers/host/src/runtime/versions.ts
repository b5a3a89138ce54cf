/** What supervises, checks and installs; from PyPI, into the tools of the data folder. */
export const TOOL_REQUIREMENTS = ['supervisor==4.3.0', 'superlance==2.0.0', 'uv==0.13.8'] as const;

/** Oldest Python that runs the programs. */
export const MINIMUM_PYTHON = { major: 3, minor: 10 } as const;
