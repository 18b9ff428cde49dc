// The digest's page in headless Chromium: light, dark, on a phone and printed. axe finds nothing, nothing reaches past the
// edge, nothing is fetched, and nothing is said on the console.
//
//     node browser.mjs PAGE CHROMIUM     beside node_modules with puppeteer-core and axe-core
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const puppeteer = require('puppeteer-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [page, chromium] = process.argv.slice(2);
const looks = [
    { name: 'light', scheme: 'light', width: 1280, height: 900 },
    { name: 'dark', scheme: 'dark', width: 1280, height: 900 },
    { name: 'phone', scheme: 'light', width: 360, height: 740 },
    { name: 'phone, dark', scheme: 'dark', width: 360, height: 740 },
    { name: 'print', scheme: 'light', width: 794, height: 1123, media: 'print' },
];

const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });
const faults = [];
for (const look of looks) {
    const tab = await browser.newPage();
    tab.on('console', (message) => faults.push(`${look.name}: the console says ${message.text()}`));
    tab.on('pageerror', (error) => faults.push(`${look.name}: ${error}`));
    tab.on('request', (request) => {
        if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) faults.push(`${look.name}: asks for ${request.url()}`);
    });
    await tab.setViewport({ width: look.width, height: look.height });
    await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: look.scheme }]);
    if (look.media) await tab.emulateMediaType(look.media);
    await tab.goto(pathToFileURL(page).href);
    // Not by a script of the page, which its own policy would forbid.
    await tab.evaluate(axe);
    const found = await tab.evaluate(() => window.axe.run(document));
    for (const { id, help, nodes } of found.violations) faults.push(`${look.name}: ${id}: ${help}: ${nodes.map((node) => node.target).join(', ')}`);
    if (found.passes.length < 10) faults.push(`${look.name}: only ${found.passes.length} rules of axe applied`);
    const over = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) faults.push(`${look.name}: ${over} pixels wider than the window`);
    await tab.close();
}
await browser.close();
for (const fault of faults) console.log(fault);
process.exit(faults.length > 0 ? 1 : 0);
